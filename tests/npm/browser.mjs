// A real Chromium, and a person in front of it who signs in and allows what is asked.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

/** Debian's Chromium, which playwright-core neither brings nor looks for. */
export function executable() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser']) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  throw new Error('chromium is not in PATH');
}

/** Runs work with a browser that talks to this machine alone. */
export async function withBrowser(work) {
  const browser = await chromium.launch({
    executablePath: executable(),
    // As root, and in containers, there is no sandbox to be had.
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'],
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** Signs in at the page that up has for development, under this name. */
export async function signIn(page, name) {
  await page.getByRole('textbox').first().fill(name);
  await page.getByRole('button', { name: /sign in/i }).click();
}

/** Says yes on the consent page. */
export const allow = (page) => page.getByRole('button', { name: /allow/i }).click();

/** Goes to the issuer, signs in, allows, and returns the address to which the browser was sent back. Nobody has to listen there. */
export async function authorize(page, address, redirectUri, name = 'alice') {
  const landing = new Promise((resolve) => {
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.url().startsWith(redirectUri)) resolve(new URL(request.url()));
    });
  });
  await page.route((url) => url.href.startsWith(redirectUri), (route) => route.fulfill({ contentType: 'text/plain', body: 'back' }));
  await page.goto(address);
  await signIn(page, name);
  await Promise.race([landing, allow(page)]);
  return landing;
}
