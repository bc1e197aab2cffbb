// openid-client against a running `holdfast up`: node openid-client.mjs UP_JSON
// DPOP-AS-01, DPOP-AS-05, DPOP-AS-16, DPOP-AS-21, DPOP-RS-03, DPOP-RS-09, DPOP-V-27, AT-50
import './webcrypto.mjs';
import * as client from 'openid-client';
import { challenges, describe, isBoundTo, readClientKey, readUp, recorder, replay } from './up.mjs';

const up = readUp(process.argv[2]);
const wire = recorder();

const config = await client.discovery(new URL(up.issuer), up.client_id, undefined, client.PrivateKeyJwt(await readClientKey(up)), {
  algorithm: 'oauth2',
  execute: [client.allowInsecureRequests],
  [client.customFetch]: wire.fetch,
});
const keys = await client.randomDPoPKeyPair('ES256');
const DPoP = client.getDPoPHandle(config, keys);

// Nonce challenges are answered inside.
const grant = await client.clientCredentialsGrant(config, { scope: up.scope, resource: up.audience }, { DPoP });
const orders = new URL('orders', up.resource.endsWith('/') ? up.resource : up.resource + '/');
const answer = await client.fetchProtectedResource(config, grant.access_token, orders, 'GET', undefined, undefined, { DPoP });
const accepted = wire.seen.at(-1);

let downgrade;
try {
  downgrade = describe(await client.fetchProtectedResource(config, grant.access_token, orders, 'GET'));
} catch (error) {
  downgrade = { ...describe(error.response), parsed: error.cause };
}

const metadata = config.serverMetadata();
console.log(JSON.stringify({
  issuer: metadata.issuer,
  dpopAlgorithms: metadata.dpop_signing_alg_values_supported,
  tokenType: grant.token_type,
  bound: await isBoundTo(grant.access_token, keys.publicKey),
  status: answer.status,
  challenges: { token: challenges(wire.seen, metadata.token_endpoint), resource: challenges(wire.seen, orders.href) },
  downgrade,
  replay: await replay(accepted),
}));
