// A plain service behind the guard, which knows nothing of tokens: node context-upstream.mjs HOST:PORT GUARD AUDIENCE
// It accepts what the guard has signed for it (FWD-62), and tells as JSON what arrived, so that a test can look.
import './webcrypto.mjs';
import http from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const [address, guard, audience] = process.argv.slice(2);
const [host, port] = address.split(':');
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', guard));

async function readContext(lines) {
  if (lines.length !== 1) return { error: `${lines.length} lines` };
  try {
    const { payload } = await jwtVerify(lines[0], keys, { issuer: guard, audience, typ: 'holdfast-context+jwt', algorithms: ['ES256'] });
    return { claims: payload };
  } catch (error) {
    return { error: error.code ?? String(error) };
  }
}

http.createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const fields = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) fields.push([request.rawHeaders[i].toLowerCase(), request.rawHeaders[i + 1]]);
  const context = await readContext(fields.filter(([name]) => name === 'holdfast-context').map(([, value]) => value));
  response.writeHead(context.claims ? 200 : 403, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ method: request.method, url: request.url, fields, body, context }));
}).listen(Number(port), host, () => console.log('ready'));
