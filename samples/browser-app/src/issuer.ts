import * as oauth from 'oauth4webapi';
import { clientId, issuer } from './settings';

export const client: oauth.Client = { client_id: clientId };

/** A public client: what authenticates its requests is the key. */
export const authentication = oauth.None();

/** Plain http is for this machine alone. */
export const http = { [oauth.allowInsecureRequests]: issuer.hostname === 'localhost' };

let metadata: Promise<oauth.AuthorizationServer> | undefined;

/** What the issuer says of itself (OpenID Connect Discovery); asked once, and again where that failed. */
export function authorizationServer(): Promise<oauth.AuthorizationServer> {
  metadata ??= oauth
    .discoveryRequest(issuer, http)
    .then((response) => oauth.processDiscoveryResponse(issuer, response))
    .catch((error: unknown) => {
      metadata = undefined;
      throw error;
    });
  return metadata;
}

/** RFC 9449 §8, §9: a server may ask for its nonce. The DPoP handle has kept it by then; once is enough, or something else is wrong. */
export async function withNonce<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return request();
  }
}
