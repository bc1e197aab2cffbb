// What oidc-provider takes from newer Node.js, for Node.js 18. Imported before it.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import './webcrypto.mjs';

URL.parse ??= (url, base) => {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
};
crypto.hash ??= (algorithm, data, encoding = 'hex') => crypto.createHash(algorithm).update(data).digest(encoding);
syncBuiltinESMExports();
