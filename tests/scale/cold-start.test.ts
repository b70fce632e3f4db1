import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from '../e2e/browser-session.ts';
import { machine, memoryOf, picture, say } from './many.ts';

/** Gallery images; LIKENESS_SCALE asks for another number. */
const GALLERY = Number(process.env['LIKENESS_SCALE'] ?? 100_000);
const MINUTE = 60_000;

/**
 * Makes of a stored data set of a few images one of very many: its files, and the features of the same descriptor, are
 * written as the app writes them. Reading and embedding that many images takes most of an hour, and is measured by
 * itself (many-images.test.ts).
 */
async function multiply(page: Page, count: number): Promise<void> {
  await page.evaluate(async (wanted) => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const ended = (transaction: IDBTransaction) =>
      new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
    const database = await answer(indexedDB.open('likeness'));
    const reading = database.transaction(['datasets', 'features', 'thumbnails']);
    const [dataset] = await answer(reading.objectStore('datasets').getAll());
    const [[featuresKey]] = (await answer(reading.objectStore('features').getAllKeys())) as unknown as [[string]];
    const [features] = await answer(reading.objectStore('features').getAll());
    const [thumbnail] = await answer(reading.objectStore('thumbnails').getAll());
    const numbers = new Uint32Array(features.length);
    for (let start = 0; start < wanted; start += 2000) {
      const writing = database.transaction(['files', 'features', 'thumbnails'], 'readwrite');
      for (let i = start; i < Math.min(wanted, start + 2000); i++) {
        const hash = ((i * 2654435761) % 2 ** 32).toString(16).padStart(64, '0');
        const path = `${dataset.name}/test/gallery/class ${i % 100}/${String(i).padStart(6, '0')}.png`;
        const outcome = { ok: true, hash, width: 16, height: 16 };
        writing.objectStore('files').put({ datasetId: dataset.id, path, bytes: 100, outcome });
        // As long as the descriptor's rows, and no two alike.
        crypto.getRandomValues(numbers);
        const row = Float32Array.from(numbers, (number, at) => (at % 100 === i % 100 ? 4 : 1) * (number / 2 ** 32));
        const length = Math.hypot(...row);
        writing.objectStore('features').put(
          row.map((value) => value / length),
          [featuresKey, hash],
        );
        writing.objectStore('thumbnails').put(thumbnail, hash);
      }
      await ended(writing);
    }
    const last = database.transaction('datasets', 'readwrite');
    last.objectStore('datasets').put({ ...dataset, images: dataset.images + wanted });
    await ended(last);
    database.close();
  }, count);
}

test(`${GALLERY.toLocaleString('en')} stored gallery images are searched soon after a reload, in bounded memory`, {
  timeout: 60 * MINUTE,
}, async () => {
  const folder = join(await temporaryFolder(), 'many');
  for (const [split, count] of [
    ['gallery', 2],
    ['query', 20],
  ] as const) {
    const place = join(folder, 'test', split, 'class 0');
    await mkdir(place, { recursive: true });
    for (let i = 0; i < count; i++) await writeFile(join(place, `${split} ${i}.png`), picture(0, 1000 * count + i));
  }
  const { page, url, errors, drop } = await openApp();
  say(machine(page));
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(folder);
  await page
    .getByRole('link', { name: /Models/ })
    .first()
    .click();
  await page.getByRole('button', { name: /^Embed 22 images/ }).click();
  await page.getByText('22 / 22').waitFor({ timeout: MINUTE });
  const devtools = await page.context().newCDPSession(page);
  await page.goto(`${url}models/index.json`);
  await multiply(page, GALLERY);
  say('written');

  await page.goto(`${url}#/models`);
  const total = (GALLERY + 22).toLocaleString('en');
  await page.getByRole('button', { name: /^Embed/ }).click({ timeout: 2 * MINUTE });
  await page.getByText(`${total} / ${total}`).waitFor({ timeout: 10 * MINUTE });
  await page.getByRole('button', { name: /^Cancel: Building/ }).waitFor({ timeout: 10 * MINUTE });
  say(`scored: ${await memoryWords(page)}`);
  // What is asked of is the first search, which exact search answers; the index is built beside it.
  await page.goto(`${url}#/search`);
  await page.getByRole('toolbar').getByRole('button').first().click();
  await page.getByRole('button', { name: /^Rank 1,/ }).waitFor({ timeout: MINUTE });
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    await page
      .getByRole('button', { name: /^Cancel: Building/ })
      .click()
      .catch(() => {});
    const start = performance.now();
    await page.reload();
    await page.getByRole('button', { name: /^Rank 1,/ }).waitFor({ timeout: 2 * MINUTE });
    times.push(performance.now() - start);
    say(`first answer after ${times.at(-1)?.toFixed(0)} ms; ${await page.getByRole('status').first().innerText()}`);
    const marks = await page.evaluate(() =>
      performance
        .getEntriesByType('measure')
        .map(({ name, startTime, duration }) => `${name} ${startTime.toFixed(0)}+${duration.toFixed(0)}`),
    );
    say(marks.join(' | '));
    say(await memoryWords(page));
  }
  await devtools.detach();
  expect(errors.filter((text) => !text.includes('404'))).toEqual([]);
});

async function memoryWords(page: Page): Promise<string> {
  const { resident, peak } = await memoryOf(page);
  return `${resident.toFixed(0)} MB, at most ${peak.toFixed(0)} MB ever`;
}
