import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { begin, untilDone } from './journey.ts';
import { writePictures } from './pictures.ts';
import { storedDigests } from './stored.ts';

async function go(page: Page, screen: string): Promise<void> {
  await page
    .getByRole('link', { name: new RegExp(`^${screen}`) })
    .first()
    .click();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
}

/** Presses a button that opens the browser's file dialog, and chooses the file there. */
async function chooseWith(page: Page, button: Locator, file: string): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await button.click();
  await (await asked).setFiles(file);
}

async function leaderboard(page: Page): Promise<string[]> {
  await go(page, 'Dashboard');
  const rows = page.getByRole('table').first().getByRole('row');
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(3);
  // What is separable stands there once all models have been compared.
  await expect.poll(() => page.getByText(/better than the others is being computed/).count()).toBe(0);
  return rows.allInnerTexts();
}

async function neighboursOf(page: Page, query: string): Promise<string[]> {
  await go(page, 'Search');
  await page.getByRole('button', { name: query }).click();
  const tiles = page.getByRole('button', { name: /^Rank \d+,/ });
  await expect.poll(() => tiles.count()).toBe(10);
  return tiles.evaluateAll((found) => found.map((tile) => tile.getAttribute('aria-label') ?? ''));
}

test('a data set is exported, everything deleted, and imported: the same images, numbers and neighbours, nothing computed', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'kinds');
  await writePictures(data, { kinds: 3, training: 8, query: 2, gallery: 5, mixed: true });
  const { page, errors, drop } = await openApp();
  await begin(page, 'read', data);
  await untilDone(page, 'read');
  await begin(page, 'compare', data);
  await untilDone(page, 'compare');
  const [table, query] = [await leaderboard(page), '0.png, class kind 1'];
  const neighbours = await neighboursOf(page, query);
  const stored = await storedDigests(page);
  expect(Object.keys(stored).some((key) => key.startsWith('heads'))).toBe(true);

  await go(page, 'Data');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('kinds.likeness.zip');
  const file = join(folder, 'kinds.likeness.zip');
  await download.saveAs(file);

  await go(page, 'Settings');
  await page.getByRole('button', { name: 'Delete everything' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete everything' }).click();
  await go(page, 'Data');
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();

  const scripts: string[] = [];
  page.on('request', (request) => scripts.push(request.url()));
  await chooseWith(page, page.getByRole('button', { name: 'Import a data set' }), file);
  await page.getByRole('button', { name: 'Data set: kinds' }).waitFor();
  await expect.poll(() => storedDigests(page)).toEqual(stored);
  await expect.poll(() => leaderboard(page)).toEqual(table);
  expect(await neighboursOf(page, query)).toEqual(neighbours);
  // No photo was read, and no backbone ran: neither is here.
  expect(scripts.filter((url) => /(backbone|image)\.worker/.test(url))).toEqual([]);
  // All of it is there after a reload, too.
  await page.reload();
  await expect.poll(() => leaderboard(page)).toEqual(table);

  // The same file again is refused with the reason, and the data set stays.
  await go(page, 'Data');
  await chooseWith(page, page.getByRole('button', { name: 'Import', exact: true }), file);
  await page.getByText(/is in this browser already\. Nothing was changed/).waitFor();
  expect(await storedDigests(page)).toEqual(stored);
  // Dropped, it is known for what it is, and told the same.
  await drop(file);
  await page.getByText(/is in this browser already\. Nothing was changed/).waitFor();
  expect(await storedDigests(page)).toEqual(stored);
  expect(errors).toEqual([]);
}, 900_000);
