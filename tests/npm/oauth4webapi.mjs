// oauth4webapi against a running `holdfast up`: node oauth4webapi.mjs UP_JSON
// DPOP-AS-01, DPOP-AS-05, DPOP-AS-16, DPOP-AS-21, DPOP-RS-03, DPOP-RS-09, DPOP-V-27, AT-50
import './webcrypto.mjs';
import * as oauth from 'oauth4webapi';
import { challenges, isBoundTo, readClientKey, readUp, recorder, replay } from './up.mjs';

const up = readUp(process.argv[2]);
const wire = recorder();
const options = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: wire.fetch };

const issuer = new URL(up.issuer);
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' }));
const client = { client_id: up.client_id };
const keys = await oauth.generateKeyPair('ES256');
const DPoP = oauth.DPoP(client, keys);
const authentication = oauth.PrivateKeyJwt(await readClientKey(up));

async function token() {
  const parameters = new URLSearchParams({ scope: up.scope, resource: up.audience });
  const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, parameters, { ...options, DPoP });
  return oauth.processClientCredentialsResponse(as, client, response);
}
async function withNonce(action) {
  try {
    return await action();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return action();
  }
}

const grant = await withNonce(token);
const orders = new URL('orders', up.resource.endsWith('/') ? up.resource : up.resource + '/');
const answer = await withNonce(() => oauth.protectedResourceRequest(grant.access_token, 'GET', orders, undefined, undefined, { ...options, DPoP }));
const accepted = wire.seen.at(-1);

let downgrade;
try {
  const response = await oauth.protectedResourceRequest(grant.access_token, 'GET', orders, undefined, undefined, options);
  downgrade = { status: response.status };
} catch (error) {
  downgrade = { status: error.status, challenge: error.response.headers.get('www-authenticate'), parsed: error.cause };
}

console.log(JSON.stringify({
  issuer: as.issuer,
  dpopAlgorithms: as.dpop_signing_alg_values_supported,
  tokenType: grant.token_type,
  bound: await isBoundTo(grant.access_token, keys.publicKey),
  status: answer.status,
  challenges: { token: challenges(wire.seen, as.token_endpoint), resource: challenges(wire.seen, orders.href) },
  downgrade,
  replay: await replay(accepted),
}));
