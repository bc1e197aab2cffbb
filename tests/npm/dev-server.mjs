// The sample app from its development server, in Chromium: node dev-server.mjs URL
import { withBrowser } from './browser.mjs';

const seen = await withBrowser(async (browser) => {
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(process.argv[2]);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  return { problems, font: await page.evaluate(() => getComputedStyle(document.querySelector('button')).fontWeight) };
});
console.log(JSON.stringify(seen));
