import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { picture } from './pictures.ts';

/** Every setting that the app stores. */
const SETTINGS = [
  'preferences',
  'search',
  'comparison',
  'cutoff',
  'path',
  'ticked-models',
  'current-dataset',
  'opened-gallery',
];

/** Values of a type that none of them has, or of its type with contents that nobody chose; as JSON, which knows `__proto__`. */
const HOSTILE: readonly string[] = [
  '42',
  'null',
  '[[[]], null, {"length": 1e9}]',
  '{"theme": "toString", "engine": ["wasm"], "workers": 1e308, "hidden": "yes", "seen": {"length": 5}}',
  '{"runId": {}, "k": "10", "indexChoice": "__proto__", "efSearch": -1, "singles": "all", "seeds": 1e9, "recipe": []}',
  '{"__proto__": {"polluted": true, "theme": "dark"}, "constructor": {"prototype": {"polluted": true}}}',
  // A long text: 5 million characters.
  `"${'<script>x</script>'.repeat(280_000)}"`,
];

/** Puts the value in the place of every setting, of what browsers keep beside them, and into what the start reads. */
async function poison(page: Page, json: string): Promise<void> {
  await page.evaluate(
    async ({ names, text }) => {
      const value: unknown = JSON.parse(text);
      const opening = indexedDB.open('likeness');
      const database = await new Promise<IDBDatabase>((resolve) => {
        opening.onsuccess = () => resolve(opening.result);
      });
      const transaction = database.transaction(['settings', 'journal', 'weights', 'runs'], 'readwrite');
      for (const name of names) transaction.objectStore('settings').put(value, name);
      const task = { kind: 'read', datasetId: '' };
      const entry = { task, state: 'begun', stage: value, progress: value, begunAt: value, changedAt: value };
      transaction.objectStore('journal').put(entry, ['', 'read']);
      transaction.objectStore('journal').put({ ...entry, task: value }, ['', 'hostile']);
      transaction.objectStore('weights').put({ id: 'resnet50.tv_in1k', sha256: value, preprocessing: value });
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      database.close();
      for (const name of [...names, 'mantine-color-scheme-value', '__proto__']) {
        localStorage.setItem(name, text.slice(0, 500_000));
      }
    },
    { names: SETTINGS, text: json },
  );
}

test('settings that nobody chose are ignored: the app starts with its defaults, and works', async () => {
  const folder = await temporaryFolder();
  for (const [place, count] of [
    ['test/query', 1],
    ['test/gallery', 3],
  ] as const) {
    for (const kind of [0, 1]) {
      await mkdir(join(folder, place, `kind ${kind}`), { recursive: true });
      for (let i = 0; i < count; i++) {
        await writeFile(join(folder, place, `kind ${kind}`, `${i}.png`), picture(kind, i + 10 * count));
      }
    }
  }
  const { page, errors, drop } = await openApp();
  const link = (name: string) => page.getByRole('link', { name: new RegExp(`^${name}`) }).first();
  const idle = () => expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count()).toBe(0);
  const search = async () => {
    await link('Search').click();
    await page.getByRole('toolbar').getByRole('button').first().click();
    await page.getByRole('button', { name: /^Rank 1, class kind 0, right class/ }).waitFor();
  };
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(folder);
  await link('Models').click();
  await page.getByRole('button', { name: /^Embed 8 images/ }).click();
  await page.getByText('8 / 8').waitFor();
  await idle();
  await search();

  for (const json of HOSTILE) {
    await poison(page, json);
    await page.reload();
    await search();
    await link('Models').click();
    // The default tick, and nothing else.
    const ticked = (name: string) => page.getByRole('checkbox', { name: `Use ${name}` }).isChecked();
    await expect.poll(() => ticked('Colour and gradient')).toBe(true);
    await expect.poll(() => ticked('ResNet-50')).toBe(false);
    for (const screen of ['Comparison', 'Dashboard', 'Settings', 'Data']) await link(screen).click();
    await page.getByText('Problems').first().waitFor();
    expect(await page.evaluate(() => Reflect.has({}, 'polluted'))).toBe(false);
    expect(await page.getByRole('alert').allInnerTexts()).toEqual([]);
  }
  expect(errors).toEqual([]);
}, 900_000);
