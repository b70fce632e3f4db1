import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { dropPaths } from '../../scripts/evaluate/browser.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { encodePng } from './png.ts';

/** Two queries and six gallery images of two kinds, no two alike; `hue` makes other ones. */
async function writeImages(folder: string, hue: number): Promise<void> {
  for (const [split, count] of [
    ['query', 1],
    ['gallery', 3],
  ] as const) {
    for (const kind of [0, 1]) {
      const place = join(folder, 'test', split, `kind ${kind}`);
      await mkdir(place, { recursive: true });
      for (let i = 0; i < count; i++) {
        const image = encodePng(16, 16, (x, y) => [
          200 * kind + 5 * i,
          (hue + 10 * x) % 256,
          split === 'query' ? y : 2 * y,
        ]);
        await writeFile(join(place, `${i}.png`), image);
      }
    }
  }
}

const notice = (page: Page, words: RegExp) => page.getByRole('alert').filter({ hasText: words });

async function idle(page: Page): Promise<void> {
  await expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count()).toBe(0);
}

async function embed(page: Page): Promise<void> {
  await page
    .getByRole('link', { name: /Models/ })
    .first()
    .click();
  await page.getByRole('button', { name: /^Embed 8 images/ }).click();
  await page.getByText('8 / 8').waitFor();
  await idle(page);
}

/** Searches with the first query image. */
async function search(page: Page): Promise<void> {
  await page
    .getByRole('link', { name: /Search/ })
    .first()
    .click();
  await page.getByRole('toolbar').getByRole('button').first().click();
  await page.getByRole('button', { name: /^Rank 1, class kind 0, right class/ }).waitFor();
}

/** Everything that this origin keeps, by name. */
function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(`file ${name}`);
    for (const { name } of await indexedDB.databases()) names.push(`database ${name}`);
    for (const name of await caches.keys()) names.push(`cache ${name}`);
    for (let i = 0; i < localStorage.length; i++) names.push(`item ${localStorage.key(i)}`);
    return names;
  });
}

test('no room, everything deleted elsewhere, everything deleted here: told, worked on, gone', async () => {
  const folder = await temporaryFolder();
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  await writeImages(first, 0);
  await writeImages(second, 120);
  const { page, url, errors, drop } = await openApp();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(first);
  await embed(page);

  // The browser gives no more room: a second folder is worked with all the same, and what it needs is in this tab.
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(url);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
  // Chromium believes for half a minute in the room that it found, while the database is open; nothing says that it has closed it.
  await page.goto('about:blank');
  await page.waitForTimeout(10_000);
  await page.goto(url);
  await page.getByText('first').first().waitFor();
  await drop(second);
  await notice(page, /no room left for this app: [<\d., ]+.B in use\..* more are in this tab alone/).waitFor();
  await idle(page);
  await embed(page);
  await search(page);
  // What is not needed is deleted, and what waited is stored; nothing of it has to be made again.
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await page.getByRole('button', { name: 'Free space' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete first' }).click();
  await page
    .getByRole('dialog', { name: 'Delete first?' })
    .getByRole('button', { name: 'Delete', exact: true })
    .click();
  await expect.poll(() => notice(page, /no room left/).count()).toBe(0);
  await page.reload();
  await page.getByText('second').first().waitFor();
  await search(page);
  await page
    .getByRole('link', { name: /Models/ })
    .first()
    .click();
  await page.getByText('8 / 8').waitFor();

  // Another page of the same origin deletes the database.
  const other = await page.context().newPage();
  await other.goto(`${url}models/index.json`);
  await other.evaluate(() => void indexedDB.deleteDatabase('likeness'));
  await notice(page, /was deleted, by another tab/).waitFor();
  await page.getByRole('button', { name: 'Store this data set again' }).click();
  await expect.poll(() => notice(page, /was deleted/).count()).toBe(0);
  await drop(second);
  await embed(page);
  await page.reload();
  await search(page);

  // Everything, here.
  await page.evaluate(async () => {
    await caches.open('old');
    localStorage.setItem('old', 'old');
  });
  await page
    .getByRole('link', { name: /Settings/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Delete everything' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete everything' }).click();
  await expect.poll(() => kept(page)).toEqual([]);
  await page.getByRole('link', { name: /Data/ }).first().click();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  // Not made again by itself either, within a time in which it would be.
  await page.waitForTimeout(500);
  expect(await kept(page)).toEqual([]);
  await drop(first);
  await embed(page);
  await search(page);
  expect(errors).toEqual([]);
}, 900_000);

test('a database that another tab holds, one of a newer version, and none at all: told, and worked without', async () => {
  const folder = await temporaryFolder();
  await writeImages(folder, 0);
  const { page, url, errors } = await openApp({ route: 'models/index.json' });
  // An old tab that does not let go.
  await page.evaluate(() => {
    const opening = indexedDB.open('likeness', 1);
    opening.onupgradeneeded = () => {
      const { result: made } = opening;
      made.createObjectStore('datasets', { keyPath: 'id' });
      made.createObjectStore('files', { keyPath: ['datasetId', 'path'] });
      made.createObjectStore('queries', { keyPath: 'hash' }).createIndex('addedAt', 'addedAt');
      made.createObjectStore('weights', { keyPath: 'id' });
      for (const name of ['thumbnails', 'features', 'embeddings', 'embeddingRows', 'heads', 'checkpoints', 'runs']) {
        made.createObjectStore(name);
      }
      made.createObjectStore('settings').put({ theme: 'dark', engine: 'auto', workers: null }, 'preferences');
    };
    return new Promise((resolve) => {
      opening.onsuccess = () => resolve(null);
    });
  });
  const app = await page.context().newPage();
  await app.goto(url);
  await notice(app, /Another tab with an older version/).waitFor();
  await page.goto('about:blank');
  await app.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => notice(app, /Another tab/).count()).toBe(0);
  // What the old version stored is there.
  await app.locator('[data-mantine-color-scheme="dark"]').waitFor();
  await app.close();
  await page.goto(`${url}models/index.json`);

  // A newer version has been here.
  await page.evaluate(async () => {
    await new Promise((resolve) => {
      indexedDB.deleteDatabase('likeness').onsuccess = resolve;
    });
    const opening = indexedDB.open('likeness', 1000);
    opening.onupgradeneeded = () => opening.result.createObjectStore('datasets').put('of the future', 'd');
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    opening.result.close();
  });
  await page.goto(url);
  await notice(page, /newer version of this app/).waitFor();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save what is stored as a file' }).click();
  const saved: unknown = JSON.parse(await readFile(await (await saving).path(), 'utf8'));
  expect(saved).toMatchObject({ version: 1000, stores: { datasets: [['d', 'of the future']] } });
  await page.getByRole('button', { name: 'Work without storing' }).click();
  await notice(page, /lasts until this tab is closed/).waitFor();
  await dropPaths(page, [folder]);
  await embed(page);
  await search(page);

  // A private window may refuse it altogether.
  const refused = await page.context().newPage();
  await refused.addInitScript(() => {
    Object.defineProperty(IDBFactory.prototype, 'open', {
      value() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  });
  await refused.goto(url);
  await notice(refused, /lasts until this tab is closed.*refuses to store/).waitFor();
  await dropPaths(refused, [folder]);
  await embed(refused);
  await search(refused);
  // A page that is no page has no icon.
  expect(errors.filter((text) => !text.includes('404'))).toEqual([]);
}, 900_000);
