import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from '../e2e/browser-session.ts';
import { picture, writePictures } from '../e2e/pictures.ts';
import { type Holdings, holdings } from './holdings.ts';

const QUERIES = 2000;
/** A picture from outside the data set after this many of its own queries: it is read and embedded first. */
const EVERY = 100;
const COMPARISONS = 20;

/** What may be added between an early sample and the last: noise of the collector, and what the screens rightly keep. */
const MOST_HEAP_MB = 8;
const MOST_RESIDENT_MB = 150;
const MOST_NODES = 1500;

const link = (page: Page, name: string) => page.getByRole('link', { name: new RegExp(`^${name}`) }).first();

async function idle(page: Page): Promise<void> {
  await expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count(), { timeout: 120_000 }).toBe(0);
}

/** Searches with the tiles of the strip in turn, as fast as the answers come; answers with the first neighbour of each. */
function ask(page: Page, count: number): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    const until = async <T>(found: () => T | null | false): Promise<T> => {
      const end = performance.now() + 30_000;
      for (;;) {
        const value = found();
        if (value !== null && value !== false) return value;
        if (performance.now() > end) throw new Error('A query was not answered within half a minute.');
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    const answers: string[] = [];
    for (let i = 0; i < wanted; i++) {
      const tiles = document.querySelectorAll<HTMLElement>('[role=toolbar] button[data-index]');
      const tile = tiles[i % tiles.length];
      if (!tile) throw new Error('There is no query to search with.');
      tile.click();
      await until(() => tile.getAttribute('aria-pressed') === 'true');
      // While it is under way, the line says so with an ellipsis.
      await until(() => /searched/i.test(document.querySelector('main [role=status]')?.textContent ?? ''));
      answers.push(
        await until(() => document.querySelector('[aria-label^="Rank 1,"]')?.getAttribute('aria-label') ?? null),
      );
    }
    return answers;
  }, count);
}

function storedRuns(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('likeness');
    const database = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => resolve(opening.result);
    });
    const counting = database.transaction('runs').objectStore('runs').count();
    await new Promise((resolve) => {
      counting.onsuccess = resolve;
    });
    database.close();
    return counting.result;
  });
}

function expectFlat(early: Holdings, late: Holdings): void {
  expect(late.tensors).toEqual(early.tensors);
  expect(late.workers).toEqual(early.workers);
  expect(late.heapMb - early.heapMb).toBeLessThan(MOST_HEAP_MB);
  expect(late.residentMb - early.residentMb).toBeLessThan(MOST_RESIDENT_MB);
  expect(late.nodes - early.nodes).toBeLessThan(MOST_NODES);
}

test(`${QUERIES} queries and ${COMPARISONS} comparisons in a row: tensors, memory and workers stay flat`, {
  timeout: 3_600_000,
}, async () => {
  const folder = await temporaryFolder();
  const [pictures, outside] = [join(folder, 'kinds'), join(folder, 'outside')];
  await writePictures(pictures, { kinds: 3, training: 20, query: 4, gallery: 10, mixed: true });
  await mkdir(outside);
  const { page, errors, drop } = await openApp();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(pictures);
  await link(page, 'Models').click();
  await page
    .getByRole('button', { name: /^Embed/ })
    .first()
    .click({ timeout: 60_000 });
  await page.getByText('102 / 102').waitFor({ timeout: 120_000 });
  await idle(page);

  const searches = async (number: number): Promise<string[]> => {
    await link(page, 'Search').click();
    await page.getByRole('toolbar').getByRole('button').first().waitFor({ timeout: 60_000 });
    const answers = await ask(page, EVERY);
    const file = join(outside, `${number}.png`);
    await writeFile(file, picture(number % 3, 1000 + number));
    await drop(file);
    await page.getByRole('region', { name: 'Query' }).getByText(`${number}.png`, { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Rank 1,/ }).waitFor();
    return answers;
  };
  const first = await searches(0);
  await searches(1);
  const afterFew = await holdings(page);
  for (let turn = 2; turn < QUERIES / EVERY; turn++) expect(await searches(turn)).toEqual(first);
  const afterMany = await holdings(page);
  console.log(`queries: ${JSON.stringify(afterFew)}\n      → ${JSON.stringify(afterMany)}`);

  const compare = async (seed: number): Promise<void> => {
    await link(page, 'Comparison').click();
    await page.getByRole('checkbox', { name: 'Colour and gradient, fine-tuned' }).check();
    const field = (name: string) => page.getByRole('textbox', { name, exact: true });
    if (!(await field('Seed').isVisible())) await page.getByText('Recipe', { exact: true }).click();
    for (const [name, value] of [
      ['Epochs', 3],
      ['Seed', seed],
    ] as const) {
      await field(name).fill(String(value));
      await field(name).press('Enter');
    }
    await page.getByRole('button', { name: /^Run comparison/ }).click();
    // The frozen run that embedding made, and one a seed.
    await expect.poll(() => storedRuns(page), { timeout: 120_000, interval: 200 }).toBe(1 + seed);
    await idle(page);
  };
  for (let seed = 1; seed <= 4; seed++) await compare(seed);
  const early = await holdings(page);
  for (let seed = 5; seed <= COMPARISONS; seed++) await compare(seed);
  const late = await holdings(page);
  console.log(`comparisons: ${JSON.stringify(early)}\n      → ${JSON.stringify(late)}`);

  expectFlat(afterFew, afterMany);
  expectFlat(early, late);
  expect(errors).toEqual([]);
});
