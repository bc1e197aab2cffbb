// The sample app, as it was built, in Chromium against a running `holdfast up`: node browser-app.mjs UP_JSON DIST SCREENSHOTS
// DPOP-AS-05, DPOP-AS-08, DPOP-AS-30, DPOP-AS-31, DPOP-RS-03, MCP-11
import './webcrypto.mjs';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import * as oauth from 'oauth4webapi';
import { allow, signIn, withBrowser } from './browser.mjs';
import { describe, readUp } from './up.mjs';

const up = readUp(process.argv[2]);
const dist = process.argv[3];
const shots = process.argv[4];

// --- What serves the app: files, and nothing else ---
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  try {
    const file = pathname === '/' ? 'index.html' : normalize(pathname).replace(/^(\.\.[/\\])+/, '');
    const body = await readFile(join(dist, file));
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const app = `http://127.0.0.1:${server.address().port}/`;

// --- What is looked at from outside ---
/** Everything that a script in the page could read: what a thief takes along. */
const loot = (page) => page.evaluate(async () => {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open('orders-app');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const read = (key) => new Promise((resolve) => {
    const request = database.transaction('session').objectStore('session').get(key);
    request.onsuccess = () => resolve(request.result);
  });
  const [key, tokens] = [await read('key'), await read('tokens')];
  database.close();
  const attempts = {};
  for (const format of ['jwk', 'pkcs8']) {
    attempts[format] = key && (await crypto.subtle.exportKey(format, key.privateKey).then(() => 'exported', (error) => error.name));
  }
  return { tokens, exported: attempts, isExtractable: key?.privateKey.extractable };
});
const problems = [];
const watch = (page) => {
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && /policy|CORS/i.test(message.text()) && problems.push(message.text()));
  return page;
};
const shoot = async (page, name) => {
  for (const [device, width] of [['desktop', 1280], ['phone', 375]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: join(shots, `${name}-${device}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
};
const widerThanThePhone = (page) => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
const keyOf = (page) => page.locator('#key').innerText();
const orders = async (page) => {
  await page.getByRole('cell', { name: 'carabiner' }).waitFor();
  return page.locator('#orders tr').count();
};

const as = await (await fetch(`${up.issuer}/.well-known/openid-configuration`)).json();
const client = { client_id: 'orders-app' };
const http = { [oauth.allowInsecureRequests]: true };
async function withNonce(request) {
  try {
    return await request();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return request();
  }
}
/** Refreshes as somebody with this key, or without one; tells the answer. */
async function refreshAs(refreshToken, DPoP) {
  const answer = async () => oauth.processRefreshTokenResponse(as, client,
    await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refreshToken, { ...http, ...(DPoP ? { DPoP } : {}), additionalParameters: { resource: up.audience } }));
  try {
    return { status: 200, tokenType: (await withNonce(answer)).token_type };
  } catch (error) {
    if (!(error instanceof oauth.ResponseBodyError)) throw error;
    return { status: error.status, error: error.error, description: error.error_description };
  }
}

const seen = await withBrowser(async (browser) => {
  const context = await browser.newContext();
  const page = watch(await context.newPage());

  // --- Sign in ---
  await page.goto(app);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await shoot(page, 'welcome');
  const authorization = page.waitForRequest((request) => request.url().startsWith(as.authorization_endpoint));
  await page.getByRole('button', { name: 'Sign in' }).click();
  const asked = new URL((await authorization).url());
  await page.getByRole('textbox').first().waitFor();
  await shoot(page, 'sign-in');
  await signIn(page, 'alice');
  await page.getByRole('button', { name: /allow/i }).waitFor();
  await shoot(page, 'consent');
  await allow(page);
  await page.waitForURL((url) => url.href.startsWith(app));
  const listed = await orders(page);
  const landed = page.url();
  const who = await page.locator('#who').innerText();
  const key = await keyOf(page);

  // --- Call the API ---
  await page.getByLabel('Item').fill('helmet');
  await page.getByLabel('Quantity').fill('3');
  await page.getByRole('button', { name: 'Add order' }).click();
  await page.getByRole('cell', { name: 'helmet' }).waitFor();
  await page.getByRole('button', { name: 'Use the tokens without the key' }).click();
  await page.locator('#loot li').nth(2).waitFor();
  const own = await page.locator('#loot strong').allInnerTexts();
  await shoot(page, 'app');
  await page.setViewportSize({ width: 375, height: 800 });
  const overflows = await widerThanThePhone(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, 'app-dark');
  await page.emulateMedia({ colorScheme: 'light' });

  // --- Reload ---
  await page.reload();
  const afterReload = { orders: await orders(page), sameKey: (await keyOf(page)) === key };

  // --- Two tabs at once, with the lock and without it ---
  async function twoTabs(withLock) {
    const pages = [];
    for (let i = 0; i < 2; i++) {
      const tab = watch(await context.newPage());
      // A browser without Web Locks.
      if (!withLock) await tab.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }));
      await tab.goto(app);
      await orders(tab);
      pages.push(tab);
    }
    const before = (await loot(page)).tokens;
    const answers = [];
    for (const tab of pages) {
      tab.on('response', async (response) => {
        if (response.url() === as.token_endpoint && response.request().method() === 'POST' && response.ok()) answers.push((await response.json()).refresh_token);
      });
    }
    // Each of them first, in both tabs, when both have read what to present.
    if (!withLock) {
      let waiting = 0;
      let open;
      const both = new Promise((resolve) => (open = resolve));
      for (const tab of pages) {
        await tab.route(as.token_endpoint, async (route) => {
          if (route.request().method() === 'POST' && ++waiting >= 2) open();
          if (route.request().method() === 'POST') await both;
          await route.continue();
        });
      }
    }
    await Promise.all(pages.map((tab) => tab.getByRole('button', { name: 'Renew now' }).click()));
    for (const tab of pages) await tab.getByRole('status').filter({ hasText: 'Renewed' }).waitFor();
    const after = (await loot(page)).tokens;
    const working = [];
    for (const tab of pages) {
      await tab.unroute(as.token_endpoint);
      await tab.reload();
      working.push(await orders(tab));
      await tab.close();
    }
    return {
      refreshes: answers.length,
      successors: new Set(answers).size,
      isKept: answers.includes(after.refreshToken),
      replaced: before.refreshToken !== after.refreshToken && before.accessToken !== after.accessToken,
      working,
    };
  }
  const locked = await twoTabs(true);
  const unlocked = await twoTabs(false);

  // --- The thief ---
  const stolen = await loot(page);
  const { accessToken, refreshToken } = stolen.tokens;
  const other = await browser.newContext();
  const thief = watch(await other.newPage());
  await thief.goto(app);
  // The whole storage but for the key, which does not come along: the app of another browser with these tokens.
  await thief.evaluate((tokens) => new Promise((resolve) => {
    const request = indexedDB.open('orders-app');
    request.onsuccess = () => {
      const transaction = request.result.transaction('session', 'readwrite');
      transaction.objectStore('session').put(tokens, 'tokens');
      transaction.oncomplete = resolve;
    };
  }), stolen.tokens);
  await thief.reload();
  await thief.getByRole('alert').waitFor();
  const elsewhere = { orders: await thief.locator('#orders tr').count(), problem: await thief.getByRole('alert').innerText() };
  await other.close();
  const ordersUrl = new URL('orders', up.resource.endsWith('/') ? up.resource : `${up.resource}/`);
  const key2 = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  const asThief = async () => {
    try {
      return { status: (await withNonce(() => oauth.protectedResourceRequest(accessToken, 'GET', ordersUrl, undefined, undefined, { ...http, DPoP: key2 }))).status };
    } catch (error) {
      return { status: error.status, error: error.cause.find(({ parameters }) => parameters.error)?.parameters.error };
    }
  };
  const theft = {
    bearer: describe(await fetch(ordersUrl, { headers: { authorization: `Bearer ${accessToken}` } })),
    withoutProof: describe(await fetch(ordersUrl, { headers: { authorization: `DPoP ${accessToken}` } })),
    anotherKey: await asThief(),
    refreshWithoutProof: await refreshAs(refreshToken),
    refreshWithAnotherKey: await refreshAs(refreshToken, key2),
  };
  // None of it has ended what was robbed.
  await page.getByRole('button', { name: 'Renew now' }).click();
  await page.getByRole('status').filter({ hasText: 'Renewed' }).waitFor();
  const survived = (await loot(page)).tokens.refreshToken !== refreshToken && (await orders(page)) > 0;

  // --- Sign out ---
  const last = (await loot(page)).tokens;
  // By the key itself, as nobody but this page can: the handle stays in the page.
  const deadAtTheIssuer = await signOutAndTry(page, last.refreshToken);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const rest = await loot(page);
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await shoot(page, 'signed-out');

  return {
    pushed: asked.searchParams.has('request_uri'),
    dpopJkt: asked.searchParams.get('dpop_jkt'),
    landed: landed === app, who, key, listed, own, overflows, afterReload, locked, unlocked,
    stolen: { exported: stolen.exported, isExtractable: stolen.isExtractable }, elsewhere, theft, survived, deadAtTheIssuer,
    rest: { tokens: rest.tokens ?? null, isExtractable: rest.isExtractable ?? null },
  };
});

/** Signs out, and presents the refresh token once more with the very key it was bound to, which a copy in the page still has in its hands. */
async function signOutAndTry(page, refreshToken) {
  await page.evaluate(async () => {
    const database = await new Promise((resolve) => {
      const request = indexedDB.open('orders-app');
      request.onsuccess = () => resolve(request.result);
    });
    const request = database.transaction('session').objectStore('session').get('key');
    globalThis.kept = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    database.close();
  });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('status').filter({ hasText: 'Signed out' }).waitFor();
  return page.evaluate(async ({ endpoint, refreshToken, resource }) => {
    const encode = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', globalThis.kept.publicKey);
    let nonce;
    for (let attempt = 0; ; attempt++) {
      const parts = [{ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y } }, { jti: crypto.randomUUID(), htm: 'POST', htu: endpoint, iat: Math.floor(Date.now() / 1000), nonce }];
      const input = parts.map((part) => encode(new TextEncoder().encode(JSON.stringify(part)))).join('.');
      const signature = encode(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, globalThis.kept.privateKey, new TextEncoder().encode(input)));
      const response = await fetch(endpoint, {
        method: 'POST', headers: { dpop: `${input}.${signature}` },
        body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'orders-app', refresh_token: refreshToken, resource }),
      });
      const body = await response.json();
      nonce = response.headers.get('dpop-nonce') ?? undefined;
      if (body.error !== 'use_dpop_nonce' || attempt > 0) return { status: response.status, error: body.error ?? null, description: body.error_description ?? null };
    }
  }, { endpoint: as.token_endpoint, refreshToken, resource: up.audience });
}

server.close();
console.log(JSON.stringify({ ...seen, problems }));
