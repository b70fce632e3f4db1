import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, onTestFinished, test } from 'vitest';
import { engineAt } from '../../scripts/gallery/connection.ts';
import { listShards, partsOf, readPart } from '../../scripts/gallery/feature-folder.ts';
import { engineRoute } from '../../scripts/server/engine-route.ts';
import { decodeNpy } from '../decode-npy.ts';
import { pgliteEngine } from '../pglite-engine.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { run, start } from './command-line.ts';
import { compareDescriptor } from './compare-descriptor.ts';
import { begin, settled, untilDone } from './journey.ts';
import { requestLog } from './request-log.ts';
import { chooseModel, importVectors, link, neighbours, searchBy, tenNeighbours, tiles } from './search-screen.ts';
import { CLASSES, PER_CLASS, writePictures } from './three-classes.ts';
import { writeVectors } from './vectors-elsewhere.ts';

const SHARDS = 4;
/** So few that a process which is killed in one of the first has many to go. */
const PART = 4;

test('four processes embed a data set, one is killed and goes on; their features are those of one process, and are searched in PostgreSQL from the tab', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'data');
  await writePictures(data);
  await writeFile(join(data, 'training/plain/broken.png'), 'not a picture');
  const features = join(folder, 'features');
  const args = ['--data', data, '--models', 'colour-gradient', '--backend', 'wasm', '--features', features];
  const shard = (number: number) => [...args, '--shard', `${number}/${SHARDS}`, '--part', String(PART)];

  // Killed in its second part: what was written is whole.
  const killed = start('evaluate', shard(1), {
    watch: (stderr) => {
      if (/part 2 of \d/.test(stderr)) killed.kill();
    },
  });
  expect((await killed.ended).status).toBeNull();
  const [stopped] = (await listShards(features, 'colour-gradient')).shards;
  const written = (await readdir(stopped?.path ?? '')).filter((name) => /^part-\d+$/.test(name)).length;
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(stopped ? partsOf(stopped.manifest) : 0);
  const others = await Promise.all([0, 2].map((number) => run('evaluate', shard(number))));
  for (const { status, stderr } of others) expect([status, stderr]).toEqual([0, expect.any(String)]);
  const early = await run('gallery', ['check', features]);
  expect(early.status).toBe(1);
  expect(early.stderr).toContain('shard 1 of 4 lacks part');
  expect(early.stderr).toContain('shard 3 of 4 is missing.');

  const [again, last] = await Promise.all([run('evaluate', shard(1)), run('evaluate', shard(3))]);
  expect([again?.status, last?.status]).toEqual([0, 0]);
  expect(again?.stdout).toMatch(new RegExp(`\\b${written} of \\d+ parts were there before`));
  const whole = await run('gallery', ['check', features]);
  expect([whole.status, whole.stderr]).toEqual([0, '']);
  expect(whole.stdout).toContain(`colour-gradient: ${9 * PER_CLASS} rows, 1 images cannot be embedded; complete`);
  expect(whole.stdout).toContain('training/plain/broken.png');

  // The same features as one process writes of the same folder.
  const single = join(folder, 'single');
  const report = join(folder, 'r.json');
  const one = await run('evaluate', [...args.slice(0, -1), single, '--out', report]);
  expect([one.status, one.stderr]).toEqual([0, expect.any(String)]);
  const { shards } = await listShards(features, 'colour-gradient');
  const sharded = new Map<string, { split: string; class: string | null; row: Float32Array }>();
  for (const one of shards) {
    for (const name of (await readdir(one.path)).filter((entry) => entry.startsWith('part-'))) {
      const part = await readPart(one, Number(name.slice('part-'.length)));
      const thumbnails = (await part?.thumbnails()) ?? [];
      for (const [i, row] of (part?.rows ?? []).entries()) {
        expect(Buffer.from(thumbnails[i] ?? []).toString('latin1', 8, 12)).toBe('WEBP');
        sharded.set(row.path, {
          split: row.split,
          class: row.class,
          row: (await part?.features(i, i + 1)) ?? new Float32Array(),
        });
      }
    }
  }
  expect(sharded.size).toBe(9 * PER_CLASS);
  const folders = { training: 'training', query: 'test/query', gallery: 'test/gallery' };
  for (const [split, below] of Object.entries(folders)) {
    const files: unknown = JSON.parse(await readFile(join(single, `colour-gradient.${split}.json`), 'utf8'));
    const { shape, data: matrix } = decodeNpy(await readFile(join(single, `colour-gradient.${split}.npy`)));
    const dimensions = shape[1] ?? 0;
    expect(files).toHaveLength(3 * PER_CLASS);
    for (const [i, file] of (Array.isArray(files) ? files : []).entries()) {
      const found = sharded.get(`${below}/${file}`);
      expect(found).toMatchObject({ split, class: String(file).split('/')[0] });
      expect(found?.row).toEqual(matrix.slice(i * dimensions, (i + 1) * dimensions));
    }
  }

  // What no network can read is no part of what follows.
  await rm(join(data, 'training/plain/broken.png'));
  const gallery = [...sharded].filter(([, { split }]) => split === 'gallery');
  await searchFromTab(
    data,
    features,
    await writeVectors(folder, new Map([...sharded].map(([path, { row }]) => [path, row]))),
    gallery.length,
  );
}, 1_200_000);

/** Pushes the gallery into PostgreSQL, and searches it in a tab that has the same data set. */
async function searchFromTab(
  data: string,
  features: string,
  vectors: readonly string[],
  galleryImages: number,
): Promise<void> {
  const engine = await pgliteEngine();
  onTestFinished(() => engine.close());
  const pushing = ['push', '--features', features, '--splits', 'gallery'];
  const pushed = await run('gallery', pushing, { LIKENESS_ENGINE: engine.url });
  expect([pushed.status, pushed.stdout]).toEqual([0, expect.stringContaining(`${3 * PER_CLASS} rows sent`)]);
  // A picture of the gallery is its own nearest neighbour, also from the command line.
  const asked = ['query', '--image', join(data, 'test/gallery/stripes/3.png'), '-k', '3', '--exact'];
  const answered = await run('gallery', asked, { LIKENESS_ENGINE: engine.url });
  expect([answered.status, answered.stderr]).toEqual([0, expect.any(String)]);
  const lines = answered.stdout.trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^1\.0000\b.*test\/gallery\/stripes\/3\.png/);

  const { route, close } = engineRoute(engineAt(engine.url, 'environment'));
  onTestFinished(() => close().catch(() => {}));
  const { page, errors } = await openApp({ routes: { engine: route } });
  const requests = requestLog(page.context());
  const toEngine = () => requests.filter((url) => url.includes('/engine/'));
  const searches = () => toEngine().filter((url) => url.includes('/search?')).length;
  await begin(page, 'read', data);
  await untilDone(page, 'read');
  await link(page, 'Comparison').click();
  await compareDescriptor(page, 4);

  await link(page, 'Search').click();
  const choose = (named: string | RegExp) => chooseModel(page, named);
  await choose('frozen');
  await page
    .getByRole('button', { name: /, class plain/ })
    .first()
    .click();
  await searchBy(page, 'exact');
  await page.getByTitle(/^(Embedded|Searched).* by exact search/).waitFor();
  const local = await tenNeighbours(page);
  const rankBy = (ranking: string) => page.getByRole('combobox', { name: 'Ranking' }).selectOption(ranking);
  await rankBy('cover');
  const isExplained = (label: string | null) => /stands for class|probably of the query’s class/.test(label ?? '');
  const explained = async () => (await neighbours(page)).filter(isExplained).length;
  await expect.poll(explained).toBe(10);
  const byCover = await neighbours(page);
  expect(toEngine()).toEqual([]);

  await searchBy(page, 'server');
  await page.getByTitle(`about ${3 * PER_CLASS} images of the server’s gallery`).waitFor();
  // Ranked here, by posteriors that are made of the vectors in the answer.
  await expect.poll(() => neighbours(page)).toEqual(byCover);
  await rankBy('plain');
  await expect.poll(() => neighbours(page)).toEqual(local);
  expect(searches()).toBeGreaterThan(0);
  const drawn = () =>
    tiles(page)
      .locator('img')
      .evaluateAll(
        (found) => found.filter((image) => image instanceof HTMLImageElement && image.naturalWidth > 0).length,
      );
  await expect.poll(drawn).toBe(10);
  await page.getByText(/Query vectors go to the server that you started/).waitFor();
  await page.getByRole('button', { name: 'Measure recall' }).click();
  const recall = (await page.getByText(/^Recall@10 /).textContent()) ?? '';
  expect(Number(/Recall@10 ([\d.]+)/.exec(recall)?.[1])).toBeGreaterThanOrEqual(0.99);
  expect(errors).toEqual([]);

  // Another model's collection is refused with both digests.
  await choose('fine-tuned');
  await page
    .getByRole('alert')
    .getByText(/its digest is [0-9a-f]{64}, that of the chosen model [0-9a-f]{64}/)
    .waitFor();
  await choose('frozen');
  await tiles(page).first().waitFor();

  await takeAlong(page, 'near', toEngine, galleryImages);
  await takeAlong(page, 'first', toEngine, galleryImages);

  // Stopped while a search waits for it: one sentence, and the tab searches what it has.
  const held = engine.hold();
  const before = searches();
  await page
    .getByRole('button', { name: /, class plain/ })
    .nth(1)
    .click();
  await expect.poll(searches).toBeGreaterThan(before);
  await engine.stop();
  held.release();
  await page.getByRole('alert').getByText('The server’s gallery does not answer.').waitFor();
  await page.getByRole('button', { name: 'Search this data set' }).click();
  await page.getByTitle(/^(Embedded|Searched).* by exact search/).waitFor();
  await tenNeighbours(page);

  // Vectors that were made elsewhere are a model like others: of the same numbers, it finds the same.
  await importVectors(page, vectors, /elsewhere/i);
  await link(page, 'Search').click();
  await choose(/elsewhere/i);
  await page
    .getByRole('button', { name: /, class plain/ })
    .first()
    .click();
  await searchBy(page, 'exact');
  await page.getByTitle(/^Searched.* by exact search/).waitFor();
  await expect.poll(() => neighbours(page)).toEqual(local);

  // Without its vectors there is nothing left of it but its results.
  await link(page, 'Models').click();
  await page.getByRole('button', { name: /^Delete the vectors .*elsewhere/i }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the vectors' }).click();
  await expect.poll(() => page.getByRole('checkbox', { name: /^Use .*elsewhere/i }).count()).toBe(0);
}

/** Some of the server's images become a data set of this browser, which is searched without the server; then back to the one before. */
async function takeAlong(page: Page, which: 'first' | 'near', toEngine: () => string[], galleryImages: number) {
  const opened = (await page.getByRole('button', { name: /^Data set: / }).getAttribute('aria-label')) ?? '';
  const before = opened.slice('Data set: '.length);
  await page.getByLabel('Which images to take along').selectOption(which);
  const count = which === 'near' ? 100 : 500;
  await page.getByLabel('How many images to take along').selectOption(String(count));
  await page.getByRole('button', { name: 'Take along' }).click();
  const name = `${count} images from the server`;
  await page.getByRole('button', { name: `Data set: ${name}` }).waitFor();
  await settled(page);
  const strip = page.getByRole('toolbar', { name: /gallery images to search with$/ });
  const images = Number(/^\d+/.exec((await strip.getAttribute('aria-label')) ?? '')?.[0]);
  // The server has fewer than are asked for: all of them, or all that are near to a query.
  if (which === 'first') expect(images).toBe(galleryImages);
  else expect(images).toBeLessThanOrEqual(galleryImages);
  expect(images).toBeGreaterThan(10);
  const asked = toEngine().length;
  const some = strip.getByRole('button').first();
  const className = /, class (.*)$/.exec((await some.getAttribute('aria-label')) ?? '')?.[1] ?? '';
  expect(CLASSES).toContain(className);
  await some.click();
  await page.getByTitle(/^(Embedded|Searched).* by exact search/).waitFor();
  // Vectors and classes came along: each neighbour's class is known, and the first is of the same.
  const found = await tenNeighbours(page);
  expect(found[0]).toContain(`class ${className}, right class`);
  for (const label of found) expect(label).toMatch(/, (right|wrong) class,/);
  expect(toEngine().slice(asked)).toEqual([]);
  await page.getByRole('button', { name: `Data set: ${name}` }).click();
  await page.getByRole('menuitem', { name: new RegExp(`^${before}`) }).click();
  await page.getByRole('button', { name: `Data set: ${before}` }).waitFor();
  await settled(page);
  await page
    .getByRole('button', { name: /, class plain/ })
    .first()
    .click();
  await searchBy(page, 'server');
  await page.getByTitle(/of the server’s gallery/).waitFor();
}
