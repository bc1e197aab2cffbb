// The token endpoint of oidc-provider, for bench/ to compare with: node token-endpoint.mjs SETUP_JSON
// One client (client credentials, private_key_jwt, DPoP), one resource, JWT access tokens signed with ES256.
import './webcrypto.mjs';
import { readFileSync } from 'node:fs';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

const { issuer, resource, jwk } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { privateKey } = await generateKeyPair('ES256', { extractable: true });

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'foreign-1', use: 'sig', alg: 'ES256' }] },
  scopes: ['orders.read'],
  clients: [{
    client_id: 'bench', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [JSON.parse(jwk)] },
    id_token_signed_response_alg: 'ES256', grant_types: ['client_credentials'], redirect_uris: [], response_types: [], dpop_bound_access_tokens: true,
  }],
  clientAuthMethods: ['private_key_jwt'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({ scope: 'orders.read', audience: resource, accessTokenTTL: 300, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
    },
  },
});

provider.on('server_error', (ctx, error) => console.error(error));
provider.listen(new URL(issuer).port, 'localhost');
