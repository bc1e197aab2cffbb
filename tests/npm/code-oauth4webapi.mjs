// oauth4webapi and a person in Chromium against a running `holdfast up`: node code-oauth4webapi.mjs UP_JSON CLIENT_ID REDIRECT_URI pushed|direct
// Code and PKCE as a public client: pushed with a proof, or in the address with dpop_jkt; and the code without its key or its verifier.
// DPOP-AS-31, DPOP-AS-32, DPOP-AS-34, DPOP-AS-35
import './webcrypto.mjs';
import * as oauth from 'oauth4webapi';
import { authorize, withBrowser } from './browser.mjs';
import { isBoundTo, readUp } from './up.mjs';

const up = readUp(process.argv[2]);
const [clientId, redirectUri, how] = process.argv.slice(3);
const options = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(up.issuer);
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' }));
const client = { client_id: clientId };
const keys = await oauth.generateKeyPair('ES256');
const DPoP = oauth.DPoP(client, keys);
const otherDPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));

async function withNonce(action) {
  try {
    return await action();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return action();
  }
}
const refused = async (request) => {
  try {
    await withNonce(request);
    return null;
  } catch (error) {
    if (!(error instanceof oauth.ResponseBodyError)) throw error;
    return { status: error.status, error: error.error };
  }
};

async function ask() {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const parameters = new URLSearchParams({
    response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope: up.scope, resource: up.audience, state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  const address = new URL(as.authorization_endpoint);
  if (how === 'pushed') {
    const push = (handle) => async () => oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(as, client, oauth.None(), parameters, { ...options, DPoP: handle }));
    const { request_uri } = await withNonce(push(DPoP));
    // RFC 9449 §10.1: a thumbprint of one key and a proof by another contradict each other.
    parameters.set('dpop_jkt', await DPoP.calculateThumbprint());
    const conflict = await refused(push(otherDPoP));
    address.search = new URLSearchParams({ client_id: clientId, request_uri }).toString();
    return { address, verifier, state, conflict };
  }
  parameters.set('dpop_jkt', await DPoP.calculateThumbprint());
  address.search = parameters.toString();
  return { address, verifier, state, conflict: null };
}

const redeem = (callback, verifier, handle) => async () => oauth.processAuthorizationCodeResponse(as, client,
  await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), callback, redirectUri, verifier, { ...options, ...(handle ? { DPoP: handle } : {}) }));

const asked = await ask();
const landed = await withBrowser(async (browser) => authorize(await browser.newPage(), asked.address.href, redirectUri));
const callback = oauth.validateAuthResponse(as, client, landed, asked.state);

// A code that somebody intercepted is of no use, and trying it does not end it for its owner.
const stolen = {
  anotherKey: await refused(redeem(callback, asked.verifier, otherDPoP)),
  withoutProof: await refused(redeem(callback, asked.verifier)),
  anotherVerifier: await refused(redeem(callback, oauth.generateRandomCodeVerifier(), DPoP)),
};
const grant = await withNonce(redeem(callback, asked.verifier, DPoP));
const orders = new URL('orders', up.resource.endsWith('/') ? up.resource : `${up.resource}/`);
const answer = await withNonce(() => oauth.protectedResourceRequest(grant.access_token, 'GET', orders, undefined, undefined, { ...options, DPoP }));
const refresh = async () => oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, oauth.None(), grant.refresh_token, { ...options, DPoP }));
const refreshed = await withNonce(refresh);
// The code again, with everything that belongs to it: what came from it ends.
const again = await refused(redeem(callback, asked.verifier, DPoP));

console.log(JSON.stringify({
  conflict: asked.conflict, stolen,
  tokenType: grant.token_type,
  bound: await isBoundTo(grant.access_token, keys.publicKey),
  status: answer.status,
  rotated: refreshed.refresh_token !== grant.refresh_token,
  again,
  afterwards: await refused(async () => oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refreshed.refresh_token, { ...options, DPoP }))),
}));
