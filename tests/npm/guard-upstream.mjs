import { createServer } from 'node:http';
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { GUARD, KEYS = `${GUARD}/.well-known/jwks.json`, AUDIENCE, PORT = '3000' } = process.env;
const keys = createRemoteJWKSet(new URL(KEYS));
const used = new Map();

// The caller that the guard verified for this very request, once; or an error.
async function callerOf(request) {
  const fields = request.headersDistinct['holdfast-context'] ?? [];
  if (fields.length !== 1) throw new Error('one context is needed');
  const { payload } = await jwtVerify(fields[0], keys, {
    issuer: GUARD, audience: AUDIENCE, typ: 'holdfast-context+jwt', algorithms: ['ES256'], requiredClaims: ['exp', 'jti', 'sub'], maxTokenAge: '15s', clockTolerance: 5,
  });
  const [path, ...query] = request.url.split('?');
  const hash = createHash('sha256').update(query.join('?')).digest('base64url');
  if (payload.htm !== request.method || payload.path !== path || payload.query_hash !== hash) throw new Error('the context is for another request');
  // Past its end and the leeway a context is refused anyway; until then its identifier is remembered.
  const now = Date.now();
  for (const [jti, until] of used) if (until < now) used.delete(jti); else break;
  if (used.has(payload.jti)) throw new Error('the context was used before');
  used.set(payload.jti, now + 60_000);
  return payload;
}

createServer(async (request, response) => {
  try {
    const caller = await callerOf(request);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ sub: caller.sub, client_id: caller.client_id, scope: caller.scope, cnf: caller.cnf, path: caller.path }));
  } catch (error) {
    console.error(error.message);
    response.writeHead(401, { 'www-authenticate': 'Holdfast-Context' }).end();
  }
}).listen(Number(PORT), '127.0.0.1', function () { console.log(`listening on ${this.address().port}`); });
