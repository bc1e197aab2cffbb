// A fetch over node:https, whose connections present a client certificate: what global fetch cannot do without another package.
import http from 'node:http';
import https from 'node:https';

/** A fetch that uses one https agent with these TLS options, and the URLs that it asked. */
export function agentFetch(tls) {
  const agent = new https.Agent(tls);
  const seen = [];
  return {
    seen,
    fetch: (url, init = {}) => new Promise((resolve, reject) => {
      const target = new URL(url);
      seen.push(target.href);
      const [library, options] = target.protocol === 'https:' ? [https, { agent }] : [http, {}];
      const request = library.request(target, { ...options, method: init.method ?? 'GET', headers: Object.fromEntries(new Headers(init.headers)) }, (message) => {
        const chunks = [];
        message.on('data', (chunk) => chunks.push(chunk));
        message.on('end', () => {
          const headers = new Headers();
          for (let i = 0; i < message.rawHeaders.length; i += 2) headers.append(message.rawHeaders[i], message.rawHeaders[i + 1]);
          resolve(new Response(Buffer.concat(chunks), { status: message.statusCode, headers }));
        });
      });
      request.on('error', reject);
      request.end(init.body === undefined || init.body === null ? undefined : String(init.body));
    }),
  };
}
