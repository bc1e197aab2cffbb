// openid-client over connections with a client certificate, against a running `holdfast up`: node openid-client-mtls.mjs UP_JSON
// MTLS-02, MTLS-19, MTLS-20, MTLS-22, MTLS-24, MTLS-25, MTLS-28, MTLS-34, MTLS-35, AT-51
import './webcrypto.mjs';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as client from 'openid-client';
import { decodeJwt } from 'jose';
import { agentFetch } from './agent.mjs';
import { describe, readUp } from './up.mjs';

const up = readUp(process.argv[2]);
const pem = readFileSync(up.mtls_certificate_pem);
const ca = readFileSync(up.ca_pem);
const withCertificate = agentFetch({ ca, cert: pem, key: readFileSync(up.mtls_key_pem) });
const withoutCertificate = agentFetch({ ca });
const thumbprint = createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');

const config = await client.discovery(
  new URL(up.issuer),
  up.mtls_client_id,
  // RFC 8705 section 3.4, and section 5: the client says that it uses certificates, and the library takes the aliases then.
  { use_mtls_endpoint_aliases: true, tls_client_certificate_bound_access_tokens: true },
  client.TlsClientAuth(),
  { algorithm: 'oauth2', execute: [client.allowInsecureRequests], [client.customFetch]: withCertificate.fetch },
);
const metadata = config.serverMetadata();
const orders = new URL('orders', up.mtls_resource.endsWith('/') ? up.mtls_resource : up.mtls_resource + '/');

async function grant(parameters) {
  const token = await client.clientCredentialsGrant(config, { scope: up.scope, ...parameters });
  const answer = await client.fetchProtectedResource(config, token.access_token, orders, 'GET');
  return { token, status: answer.status };
}

// The resource may be left out, or named by either of its URLs.
const plain = await grant({});
const byUrl = await grant({ resource: up.mtls_resource });
const byAudience = await grant({ resource: up.audience });

const stolen = { method: 'GET', headers: { authorization: `Bearer ${plain.token.access_token}` } };
const downgrade = describe(await withoutCertificate.fetch(orders, stolen));
const plainListener = describe(await withoutCertificate.fetch(new URL('orders', up.resource + '/'), stolen));
const tokenWithout = await withoutCertificate.fetch(metadata.mtls_endpoint_aliases.token_endpoint, {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ grant_type: 'client_credentials', client_id: up.mtls_client_id }).toString(),
});

// Bound to both: the library sends a proof too, and the certificate still binds.
const keys = await client.randomDPoPKeyPair('ES256');
const DPoP = client.getDPoPHandle(config, keys);
const both = await client.clientCredentialsGrant(config, { scope: up.scope }, { DPoP });
const bothAnswer = await client.fetchProtectedResource(config, both.access_token, orders, 'GET', undefined, undefined, { DPoP });

console.log(JSON.stringify({
  aliases: metadata.mtls_endpoint_aliases,
  certificateBound: metadata.tls_client_certificate_bound_access_tokens,
  methods: metadata.token_endpoint_auth_methods_supported,
  asked: withCertificate.seen.filter((url) => url.endsWith('/token')),
  tokenType: plain.token.token_type,
  audiences: [plain, byUrl, byAudience].map((one) => decodeJwt(one.token.access_token).aud),
  bound: decodeJwt(plain.token.access_token).cnf?.['x5t#S256'] === thumbprint,
  statuses: [plain.status, byUrl.status, byAudience.status],
  downgrade,
  plainListener,
  tokenWithout: { status: tokenWithout.status, error: (await tokenWithout.json()).error },
  both: { tokenType: both.token_type, members: Object.keys(decodeJwt(both.access_token).cnf).sort(), status: bothAnswer.status },
}));
