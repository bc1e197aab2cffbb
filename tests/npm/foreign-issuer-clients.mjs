// Three clients of a foreign issuer against an API that kept its AddJwtBearer: node foreign-issuer-clients.mjs SETUP_JSON RESOURCE
// DPOP-RS-03, DPOP-RS-09, DPOP-RS-22, DPOP-V-27, MTLS-22, MTLS-24, MTLS-25
import './webcrypto.mjs';
import { readFileSync } from 'node:fs';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { agentFetch } from './agent.mjs';
import { describe } from './up.mjs';

const setup = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const resource = process.argv[3];
const orders = new URL('/orders', resource);
const ca = readFileSync(setup.ca);
const withCertificate = (name) => agentFetch({ ca, cert: readFileSync(setup[`${name}_certificate`]), key: readFileSync(setup[`${name}_key`]) }).fetch;
const anonymous = agentFetch({ ca }).fetch;
const own = withCertificate('client');
const another = withCertificate('another');

const call = async (fetch, scheme, token, headers = {}) => describe(await fetch(orders, { headers: { ...headers, authorization: `${scheme} ${token}` } }));

// --- Nothing binds the token ---
async function bearer() {
  const config = await openid.discovery(new URL(setup.issuer), 'bearer-client', undefined, openid.ClientSecretBasic(setup.secret), { [openid.customFetch]: anonymous });
  const grant = await openid.clientCredentialsGrant(config, { resource, scope: 'orders.read' });
  return { cnf: decodeJwt(grant.access_token).cnf ?? null, call: await call(anonymous, 'Bearer', grant.access_token) };
}

// --- A key binds it: oauth4webapi ---
async function dpop() {
  const seen = [];
  const options = {
    [oauth.customFetch]: async (url, init) => {
      const response = await anonymous(url, init);
      seen.push({ headers: Object.fromEntries(new Headers(init.headers)), nonce: response.headers.get('dpop-nonce'), status: response.status });
      return response;
    },
  };
  const issuer = new URL(setup.issuer);
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  const client = { client_id: 'dpop-client' };
  const keys = await oauth.generateKeyPair('ES256');
  const DPoP = oauth.DPoP(client, keys);
  const parameters = new URLSearchParams({ resource, scope: 'orders.read' });
  const response = await oauth.clientCredentialsGrantRequest(as, client, oauth.ClientSecretBasic(setup.secret), parameters, { ...options, DPoP });
  const grant = await oauth.processClientCredentialsResponse(as, client, response);
  const request = () => oauth.protectedResourceRequest(grant.access_token, 'GET', orders, undefined, undefined, { ...options, DPoP });
  let answer;
  let challenged = false;
  try {
    answer = await request();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    challenged = true;
    answer = await request();
  }
  const { dpop: proof } = seen.at(-1).headers;
  const thief = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  let stolen;
  try {
    await oauth.protectedResourceRequest(grant.access_token, 'GET', orders, undefined, undefined, { ...options, DPoP: thief });
  } catch (error) {
    stolen = { status: error.status, error: error.cause[0].parameters.error };
  }
  return {
    cnf: Object.keys(decodeJwt(grant.access_token).cnf ?? {}),
    challenged,
    call: { status: answer.status, body: await answer.text() },
    downgrade: await call(anonymous, 'Bearer', grant.access_token),
    replay: await call(anonymous, 'DPoP', grant.access_token, { dpop: proof }),
    stolen,
  };
}

// --- A certificate binds it: openid-client over an https agent ---
async function mtls() {
  const config = await openid.discovery(new URL(setup.issuer), 'mtls-client', undefined, openid.TlsClientAuth(), { [openid.customFetch]: own });
  const grant = await openid.clientCredentialsGrant(config, { resource, scope: 'orders.read' });
  const answer = await openid.fetchProtectedResource(config, grant.access_token, orders, 'GET');
  return {
    cnf: Object.keys(decodeJwt(grant.access_token).cnf ?? {}),
    call: { status: answer.status, body: await answer.text() },
    without: await call(anonymous, 'Bearer', grant.access_token),
    withAnother: await call(another, 'Bearer', grant.access_token),
  };
}

console.log(JSON.stringify({ bearer: await bearer(), dpop: await dpop(), mtls: await mtls() }));
