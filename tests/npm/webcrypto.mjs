// Debian 12 has Node.js 18, where WebCrypto is there and not global. Imported before everything that needs it.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;
