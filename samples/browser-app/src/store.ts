// One IndexedDB for all tabs. It can hold a CryptoKey without anybody being able to read the key, and that is why the tokens may lie beside it.

export interface Tokens {
  readonly accessToken: string;
  /** Milliseconds since 1970, by this browser's clock. */
  readonly expiresAt: number;
  readonly refreshToken: string | undefined;
  readonly subject: string;
  readonly renewedAt: number | undefined;
}

const name = 'orders-app';
const session = 'session';

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(session);
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** One transaction: `work` starts requests and sets the outcome; nobody else writes meanwhile, in this tab or another. */
async function transact<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore, answer: (value: T) => void) => void): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(session, mode, { durability: 'strict' });
    let outcome: T;
    transaction.oncomplete = () => resolve(outcome);
    transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore(session), (value) => (outcome = value));
  });
}

const read = <T>(key: string): Promise<T | undefined> =>
  transact('readonly', (store, answer) => {
    const request = store.get(key);
    request.onsuccess = () => answer(request.result as T | undefined);
  });

export const readKey = () => read<CryptoKeyPair>('key');
export const readTokens = () => read<Tokens>('tokens');

/** Keeps this key unless there is one already, and returns the one that is kept: two tabs that sign in at once share it. */
export const keepKey = (candidate: CryptoKeyPair): Promise<CryptoKeyPair> =>
  transact('readwrite', (store, answer) => {
    const request = store.get('key');
    request.onsuccess = () => {
      if (request.result === undefined) store.put(candidate, 'key');
      answer((request.result as CryptoKeyPair | undefined) ?? candidate);
    };
  });

export const writeTokens = (tokens: Tokens): Promise<void> => transact('readwrite', (store) => void store.put(tokens, 'tokens'));

/**
 * Writes `next` only where `previous` is still there, and returns what is there afterwards: of two tabs that renewed at once the second
 * must not put an older refresh token over a newer one, nor bring back a session that has ended.
 */
export const replaceTokens = (previous: Tokens, next: Tokens | undefined): Promise<Tokens | undefined> =>
  transact('readwrite', (store, answer) => {
    const request = store.get('tokens');
    request.onsuccess = () => {
      const current = request.result as Tokens | undefined;
      if (current?.refreshToken !== previous.refreshToken) return answer(current);
      if (next) store.put(next, 'tokens');
      else store.clear();
      answer(next);
    };
  });

/** Everything, the key first of all. */
export const clear = (): Promise<void> => transact('readwrite', (store) => void store.clear());
