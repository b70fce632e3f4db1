import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { startServer } from '../../scripts/server/static-server.ts';
import { decodeFloats } from '../formula.ts';
import { rawZip } from '../raw-zip.ts';
import { OTHER_BROWSERS, type OtherBrowser } from './other-browsers.ts';

const root = resolve(import.meta.dirname, '../..');
const sharedDir = inject('sharedDir');
const PATIENT = { timeout: 240_000, interval: 500 };
const DEIT = 'deit_tiny_patch16_224.fb_in1k';

/** The button or link of that name, as a source text. */
const named = (name: string): string =>
  `[...document.querySelectorAll('button, a, [role=button]')].find((it) => (it.getAttribute('aria-label') ?? it.textContent).trim().startsWith(${JSON.stringify(name)}))`;
const says = (browser: OtherBrowser, text: string) =>
  browser.value(`document.body.innerText.includes(${JSON.stringify(text)})`);

async function press(browser: OtherBrowser, name: string): Promise<void> {
  await expect.poll(() => browser.value(`Boolean(${named(name)})`), PATIENT).toBe(true);
  await browser.value(`${named(name)}.click()`);
}

/** Drops one file on the page, as a mail program or an archive's window does: without an entry of a file system. */
async function drop(browser: OtherBrowser, name: string, bytes: Uint8Array): Promise<void> {
  const base64 = Buffer.from(bytes).toString('base64');
  await browser.value(`fetch('data:application/zip;base64,${base64}').catch(() => null).then(() => {
    const bytes = Uint8Array.from(atob('${base64}'), (char) => char.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], ${JSON.stringify(name)}, { type: 'application/zip' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  })`);
}

async function openApp(browser: OtherBrowser, path: string): Promise<void> {
  const server = await startServer({
    distDir: join(root, 'dist'),
    modelsDir: sharedDir ? join(sharedDir, 'models') : join(root, 'tests/e2e/no-models'),
    port: 0,
    host: '127.0.0.1',
  });
  onTestFinished(() => server.close());
  await browser.open(`${server.url}${path}`);
  await browser.value(`void (window.uncaught = [], addEventListener('error', (event) => window.uncaught.push(event.message)),
    addEventListener('unhandledrejection', (event) => window.uncaught.push(String(event.reason))))`);
}

describe.each(OTHER_BROWSERS)('$name', ({ name, open, missing }) => {
  const skipped = open === null ? ` (skipped: ${missing})` : '';

  test.skipIf(open === null)(`the demo, a reload, a search${skipped}`, { timeout: 900_000 }, async () => {
    const browser = await started(open);
    await openApp(browser, '');
    await press(browser, 'Try the demo');
    await expect
      .poll(() => says(browser, 'finds the right thing first for'), { ...PATIENT, timeout: 600_000 })
      .toBe(true);
    expect(await browser.value('window.uncaught')).toEqual([]);

    await browser.reload();
    await press(browser, 'Search');
    await press(browser, 'fluent-emoji-flat 2.jpg, class automobile');
    await expect.poll(() => browser.value(`Boolean(${named('Rank 10,')})`), PATIENT).toBe(true);
    expect(browser.errors, name).toEqual([]);
    console.log(`${browser.version}: the demo, a reload and a search`);
  });

  const lacks = sharedDir === null ? ' (skipped: the folder with weights is missing)' : skipped;
  test.skipIf(open === null || sharedDir === null)(
    `DeiT-Tiny's features of dropped photos equal PyTorch's${lacks}`,
    { timeout: 900_000 },
    async () => {
      const browser = await started(open);
      await openApp(browser, '?automation');
      await expect.poll(() => browser.value('window.likeness !== undefined'), PATIENT).toBe(true);
      const { photos, expected } = await reference(join(sharedDir ?? '', 'parity'));
      await drop(browser, 'photos.zip', await photoArchive(join(sharedDir ?? '', 'parity/photos')));
      await expect
        .poll(async () => Reflect.get(Object(await browser.value('window.likeness.settle()')), 'ok'), PATIENT)
        .toBe(true);
      const run = {
        ...{ model: 'deit_tiny_patch16_224', head: 'frozen', classifier: null, combine: null, seed: 0, rank: 'plain' },
        ...{
          refit: false,
          size: null,
          flip: false,
          weightsIds: null,
          limit: null,
          ks: [1],
          index: 'exact',
          open: 'auto',
        },
      };
      const answer = await browser.value(`window.likeness.run(${JSON.stringify(run)})`);
      expect(answer, JSON.stringify(answer)).toMatchObject({ ok: true });
      const source = JSON.stringify({ kind: 'features', backbone: 'deit_tiny_patch16_224', split: 'gallery' });
      const shape = v.parse(shapeSchema, await browser.value(`window.likeness.matrix(${source})`)).value;
      const rows = v.parse(rowsSchema, await browser.value(`window.likeness.matrixRows(${source}, 0, 100)`)).value;
      const features = decodeFloats(rows);
      expect(shape.files).toHaveLength(photos.length);
      const width = shape.dimensions;
      for (const [row, file] of shape.files.entries()) {
        const place = photos.findIndex((photo) => file.endsWith(photo));
        const theirs = expected.subarray(place * width, (place + 1) * width);
        const cosine = cosineOf(features.subarray(row * width, (row + 1) * width), theirs);
        expect(cosine, file).toBeGreaterThanOrEqual(0.999);
      }
      expect(await browser.value('window.uncaught')).toEqual([]);
    },
  );
});

async function started(open: (() => Promise<OtherBrowser>) | null): Promise<OtherBrowser> {
  if (open === null) throw new Error('There is no such browser.');
  const browser = await open();
  onTestFinished(() => browser.close());
  return browser;
}

const shapeSchema = v.object({ value: v.object({ files: v.array(v.string()), dimensions: v.number() }) });
const rowsSchema = v.object({ value: v.string() });
const photosSchema = v.object({
  photos: v.array(v.string()),
  models: v.record(v.string(), v.object({ float32: v.string() })),
});

async function reference(parityDir: string) {
  const { photos, models } = v.parse(photosSchema, JSON.parse(await readFile(join(parityDir, 'photos.json'), 'utf8')));
  return { photos, expected: decodeFloats(models[DEIT]?.float32 ?? '') };
}

/** All photos as gallery; one of them again as training image and query. */
async function photoArchive(folder: string): Promise<Uint8Array> {
  const names = (await readdir(folder)).sort();
  const entries = await Promise.all(
    names.map(async (name) => ({
      name: `photos/test/gallery/thing/${name}`,
      data: await readFile(join(folder, name)),
    })),
  );
  const [first] = entries;
  if (first === undefined) throw new Error(`There is no photo in ${folder}.`);
  return rawZip([
    ...entries,
    { name: 'photos/test/query/thing/query.jpg', data: first.data },
    { name: 'photos/training/thing/training.jpg', data: first.data },
  ]);
}

function cosineOf(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? Number.NaN), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
