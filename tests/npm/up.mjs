// What the scripts share: the content of up.json, the client's key, and what was seen on the wire.
import { readFileSync } from 'node:fs';
import { calculateJwkThumbprint, decodeJwt, exportJWK } from 'jose';

export function readUp(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The client's private key for WebCrypto, and its kid. */
export async function readClientKey(up) {
  const jwk = JSON.parse(readFileSync(up.client_key_jwk, 'utf8'));
  const { kty, crv, x, y, d } = jwk;
  const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y, d }, { name: 'ECDSA', namedCurve: crv }, false, ['sign']);
  return jwk.kid ? { key, kid: jwk.kid } : { key };
}

/** True where the token is bound to this key (RFC 9449 section 6.1). The scripts are the only clients that look into a token. */
export async function isBoundTo(accessToken, publicKey) {
  return decodeJwt(accessToken).cnf?.jkt === (await calculateJwkThumbprint(await exportJWK(publicKey)));
}

/** A fetch that remembers the requests it made and how they were answered. */
export function recorder() {
  const seen = [];
  return {
    seen,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      const headers = new Headers(init?.headers);
      seen.push({ url: String(url), method: init?.method ?? 'GET', headers, status: response.status, nonce: response.headers.get('dpop-nonce') });
      return response;
    },
  };
}

/** How often a server asked for a nonce: its refusals that carried one. */
export function challenges(seen, prefix) {
  return seen.filter((r) => r.url.startsWith(prefix) && r.status >= 400 && r.nonce !== null).length;
}

/** Sends the very same fields again, proof and all, as somebody who captured them would. */
export async function replay(request) {
  return describe(await fetch(request.url, { method: request.method, headers: request.headers }));
}

export function describe(response) {
  return { status: response.status, challenge: response.headers.get('www-authenticate') };
}
