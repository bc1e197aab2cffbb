// oidc-provider as an issuer that Holdfast did not write: node foreign-issuer.mjs SETUP_JSON
// Of version 8, which is the last that runs on Node.js 18. It binds access tokens by DPoP, by client certificate or not at all, as each client is registered, and writes them as JWTs (resource indicators).
import './webcrypto.mjs';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { exportJWK, generateKeyPair } from 'jose';
import { errors, Provider } from 'oidc-provider';

const setup = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const client = { id_token_signed_response_alg: 'ES256', grant_types: ['client_credentials'], redirect_uris: [], response_types: [], client_secret: setup.secret };

function certificateOf(ctx) {
  const { raw } = ctx.socket.getPeerCertificate();
  return raw && new X509Certificate(raw);
}

const provider = new Provider(setup.issuer, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'foreign-1', use: 'sig', alg: 'ES256' }] },
  scopes: ['orders.read'],
  clients: [
    { ...client, client_id: 'bearer-client' },
    { ...client, client_id: 'dpop-client', dpop_bound_access_tokens: true },
    {
      ...client, client_id: 'mtls-client', client_secret: undefined, token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: 'CN=mtls-client', tls_client_certificate_bound_access_tokens: true,
    },
  ],
  clientAuthMethods: ['client_secret_basic', 'tls_client_auth'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      tlsClientAuth: true,
      getCertificate: (ctx) => certificateOf(ctx)?.toString(),
      certificateAuthorized: (ctx) => ctx.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) => property === 'tls_client_auth_subject_dn' && certificateOf(ctx).subject === expected,
    },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => {
        if (!setup.resources.includes(resource)) throw new errors.InvalidTarget();
        return { scope: 'orders.read', audience: resource, accessTokenTTL: 300, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
      },
    },
  },
});

provider.on('server_error', (ctx, error) => console.error(error));

const tls = { cert: readFileSync(setup.certificate), key: readFileSync(setup.key), ca: readFileSync(setup.ca), requestCert: true, rejectUnauthorized: false };
https.createServer(tls, provider.callback()).listen(new URL(setup.issuer).port, '127.0.0.1', () => console.log(JSON.stringify({ issuer: setup.issuer })));
