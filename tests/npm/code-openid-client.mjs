// openid-client and a person in Chromium against a running `holdfast up`: node code-openid-client.mjs UP_JSON CLIENT_ID REDIRECT_URI [PRIVATE_JWK_FILE]
// Code, PKCE, PAR, DPoP, an ID token, refresh, revocation; with a private JWK the client is confidential (private_key_jwt), otherwise public.
// DPOP-AS-05, DPOP-AS-08, DPOP-AS-09, DPOP-AS-34, DPOP-RS-03, MCP-11
import './webcrypto.mjs';
import * as client from 'openid-client';
import { authorize, withBrowser } from './browser.mjs';
import { isBoundTo, readClientKey, readUp } from './up.mjs';

const up = readUp(process.argv[2]);
const [clientId, redirectUri, jwk] = process.argv.slice(3);
const authentication = jwk ? client.PrivateKeyJwt(await readClientKey({ client_key_jwk: jwk })) : client.None();
const config = await client.discovery(new URL(up.issuer), clientId, undefined, authentication, { execute: [client.allowInsecureRequests] });
const keys = await client.randomDPoPKeyPair('ES256');
const DPoP = client.getDPoPHandle(config, keys);

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const address = await client.buildAuthorizationUrlWithPAR(config, {
  redirect_uri: redirectUri, scope: `openid ${up.scope}`, resource: up.audience, state, nonce,
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
}, { DPoP });

const landed = await withBrowser(async (browser) => authorize(await browser.newPage(), address.href, redirectUri));
const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
const grant = await client.authorizationCodeGrant(config, landed, checks, { resource: up.audience }, { DPoP });

const orders = new URL('orders', up.resource.endsWith('/') ? up.resource : `${up.resource}/`);
const call = async (token, handle) => (await client.fetchProtectedResource(config, token, orders, 'GET', undefined, undefined, { DPoP: handle })).status;
const refused = async (request) => {
  try {
    await request();
    return null;
  } catch (error) {
    return { status: error.status, error: error.error };
  }
};

const status = await call(grant.access_token, DPoP);
const refreshed = await client.refreshTokenGrant(config, grant.refresh_token, { resource: up.audience }, { DPoP });
// Somebody who has the refresh token, and a key of his own. A confidential client may well have made itself a new one; then the access token is bound to that.
const other = await client.randomDPoPKeyPair('ES256');
const otherHandle = client.getDPoPHandle(config, other);
let rebound = null;
const withAnotherKey = await refused(async () => {
  const answer = await client.refreshTokenGrant(config, refreshed.refresh_token, { resource: up.audience }, { DPoP: otherHandle });
  rebound = await isBoundTo(answer.access_token, other.publicKey);
});
const withoutProof = await refused(() => client.refreshTokenGrant(config, refreshed.refresh_token, { resource: up.audience }));
const afterwards = await call((await client.refreshTokenGrant(config, refreshed.refresh_token, { resource: up.audience }, { DPoP })).access_token, DPoP);
await client.tokenRevocation(config, refreshed.refresh_token);

console.log(JSON.stringify({
  pushed: [...address.searchParams.keys()].sort(),
  iss: landed.searchParams.get('iss'),
  tokenType: grant.token_type,
  bound: await isBoundTo(grant.access_token, keys.publicKey),
  sub: grant.claims().sub,
  status,
  refreshed: { bound: await isBoundTo(refreshed.access_token, keys.publicKey), isNew: refreshed.access_token !== grant.access_token, rotated: refreshed.refresh_token !== undefined && refreshed.refresh_token !== grant.refresh_token },
  withAnotherKey, rebound, withoutProof, afterwards,
  revoked: await refused(() => client.refreshTokenGrant(config, refreshed.refresh_token, { resource: up.audience }, { DPoP })),
}));
