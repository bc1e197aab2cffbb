import * as oauth from 'oauth4webapi';
import { client } from './issuer';
import { keepKey, readKey } from './store';

/** The key of this browser, for proofs; made where there is none. Its private half cannot be exported, by this page or by a script that got into it. */
export async function proofs(): Promise<oauth.DPoPHandle> {
  const key = (await readKey()) ?? (await keepKey(await oauth.generateKeyPair('ES256', { extractable: false })));
  return handleOf(key);
}

let known: { thumbprint: string; handle: oauth.DPoPHandle } | undefined;

// One handle a key, because it remembers the servers' nonces. IndexedDB gives a new object each time, so the thumbprint tells.
async function handleOf(key: CryptoKeyPair): Promise<oauth.DPoPHandle> {
  const handle = oauth.DPoP(client, key);
  const thumbprint = await handle.calculateThumbprint();
  if (known?.thumbprint !== thumbprint) known = { thumbprint, handle };
  return known.handle;
}
