import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright';
import { expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../../scripts/evaluate/browser.ts';
import { openApp } from './browser-session.ts';

const dist = resolve(import.meta.dirname, '../../dist');

const sentence = (page: Page) => page.locator('#not-started');
const start = (page: Page) => page.getByRole('heading', { name: /Drop a folder with training/ });

test('opened as a file, the page says that it needs a web server', async () => {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  await browser.page.goto(pathToFileURL(join(dist, 'index.html')).href);
  await expect.poll(() => sentence(browser.page).isVisible()).toBe(true);
  expect(await sentence(browser.page).innerText()).toMatch(
    /needs a web server and cannot be opened as a file\. Run npm start/,
  );
});

test('where a host serves the scripts as another type, the sentence stands', async () => {
  // From the first visit on: what an earlier one has kept would start.
  const { page } = await openApp({
    prepare: (opened) =>
      opened.route('**/*.js', (route) => route.fulfill({ body: 'export {};', contentType: 'text/plain' })),
  });
  expect(await sentence(page).innerText()).toContain('a host must serve .js files as JavaScript');
});

test('it goes when the app has started', async () => {
  const { page, errors } = await openApp();
  await start(page).waitFor();
  expect(await sentence(page).count()).toBe(0);
  expect(errors).toEqual([]);
});

/** What browsers, extensions and policies have been seen to break, and where the app meets it. */
test.each([
  ['while its modules are loaded', () => Object.defineProperty(Intl, 'NumberFormat', { value: null })],
  ['while its frame is drawn', () => Object.defineProperty(window, 'matchMedia', { value: null })],
])('an error %s leaves no blank page, but its reason', async (_, breakIt) => {
  const { page } = await openApp();
  await start(page).waitFor();
  await page.addInitScript(breakIt);
  await page.reload();
  await expect.poll(() => sentence(page).innerText()).toMatch(/^Likeness stopped: .*(constructor|function).* is kept/);
});

test('an error in the page while the screens stand leaves them as they are', async () => {
  const { page } = await openApp();
  await start(page).waitFor();
  await page.evaluate(() =>
    new Promise((resolve) => {
      // Heard here last: the page's own listeners came first.
      addEventListener('unhandledrejection', resolve, { once: true });
      dispatchEvent(new ErrorEvent('error', { error: new Error('of an extension'), message: 'of an extension' }));
      void Promise.reject(new Error('of another one'));
    }).then(() => undefined),
  );
  expect(await sentence(page).count()).toBe(0);
  await start(page).waitFor();
});

test('a browser language that Intl does not take is no error', async () => {
  const { page, errors } = await openApp();
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'language', { get: () => 'C' });
    Object.defineProperty(navigator, 'languages', { get: () => ['C'] });
  });
  await page.reload();
  await start(page).waitFor();
  expect(errors).toEqual([]);
});
