import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { leastOf } from '../least-of.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { encodePng } from './png.ts';

/**
 * Extraction of all 20,000 takes minutes: LIKENESS_LARGE=1 asks for it. Up to 2,000 photos without classes are embedded as soon as
 * they are read.
 */
const embedded = process.env['LIKENESS_LARGE'] ? 20_000 : 2_100;

/** Small images, no two alike, in one folder. */
async function writeImages(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let start = 0; start < count; start += 500) {
    await Promise.all(
      Array.from({ length: Math.min(500, count - start) }, async (_, i) => {
        const number = start + i;
        const image = encodePng(8, 8, (x, y) => [(number + 16 * x) % 256, (number >> 8) + 8 * y, (number * 7) % 256]);
        await writeFile(join(folder, `${String(number).padStart(5, '0')}.png`), image);
      }),
    );
  }
}

/** Milliseconds of the longest task of the main thread since the page was opened or since the last call. */
async function watchLongTasks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const durations: number[] = [];
    new PerformanceObserver((list) => durations.push(...list.getEntries().map(({ duration }) => duration))).observe({
      entryTypes: ['longtask'],
    });
    Object.assign(window, { longest: () => Math.max(0, ...durations.splice(0)) });
  });
  return () => page.evaluate('longest()').then(Number);
}

/** Resident memory of the page's process (workers included), in MB; null where the system does not tell. */
async function residentMegabytes(page: Page): Promise<number | null> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  if (!session) return null;
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const sizes = await Promise.all(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentOf(id)),
  );
  return Math.max(...sizes);
}

async function residentOf(process: number): Promise<number> {
  const status = await readFile(`/proc/${process}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** Milliseconds of a task of the page that nobody notices. */
const MOST_MS = 200;

/** Milliseconds of the longest task while 20,000 images are listed, read for ten seconds, and their reading is cancelled. */
async function longestWhileListing(folder: string): Promise<number> {
  const { page, errors, drop } = await openApp();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  const longest = await watchLongTasks(page);

  await drop(folder);
  await page.getByText('20,000', { exact: true }).first().waitFor({ timeout: 60_000 });
  await page.getByText(/\d+ \/ 20,000 images/).waitFor({ timeout: 60_000 });
  await page.waitForTimeout(10_000);
  // The wall holds what is in view, not 20,000 pictures.
  expect(await page.getByRole('tabpanel').locator('img').count()).toBeLessThan(300);

  await page
    .getByRole('button', { name: /Cancel/ })
    .first()
    .click();
  await expect.poll(() => page.getByRole('button', { name: 'Cancel: Reading images' }).count()).toBe(0);
  expect(errors).toEqual([]);
  return longest();
}

test('20,000 images in one folder are listed completely while the page stays responsive', async () => {
  const folder = join(await temporaryFolder(), 'many');
  await writeImages(folder, 20_000);
  expect(await leastOf(3, MOST_MS, () => longestWhileListing(folder))).toBeLessThan(MOST_MS);
}, 300_000);

test(`memory stays flat while ${embedded.toLocaleString('en')} images are embedded`, async () => {
  const folder = join(await temporaryFolder(), 'many');
  await writeImages(folder, embedded);
  const { page, errors, drop } = await openApp();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(folder);
  await page.getByRole('button', { name: 'Cancel: Reading images' }).first().waitFor();
  await expect
    .poll(() => page.getByRole('button', { name: 'Cancel: Reading images' }).count(), {
      timeout: 600_000,
      interval: 500,
    })
    .toBe(0);

  await page
    .getByRole('link', { name: /Models/ })
    .first()
    .click();
  await page.getByRole('button', { name: /^Embed/ }).click();
  const samples: number[] = [];
  const total = embedded.toLocaleString('en');
  while ((await page.getByText(`${total} / ${total}`).count()) === 0) {
    const size = await residentMegabytes(page);
    if (size !== null) samples.push(size);
    // A sample every half second.
    await page.waitForTimeout(500);
  }
  expect(samples.length).toBeGreaterThan(4);
  const warm = Math.max(...samples.slice(0, Math.ceil(samples.length / 3)));
  const late = Math.max(...samples.slice(-Math.ceil(samples.length / 3)));
  console.log(`resident memory: ${warm.toFixed(0)} MB in the first third, ${late.toFixed(0)} MB in the last`);
  // All crops together would be 150 kB an image: 315 MB for 2,100.
  expect(late - warm).toBeLessThan(80);
  expect(errors).toEqual([]);
}, 1_500_000);
