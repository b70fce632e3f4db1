import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, inject, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { answered } from './journey.ts';
import { writePhotos } from './photos.ts';

const sharedDir = inject('sharedDir');
const needsPhotos = sharedDir ? '' : ' (skipped: there are no real photos and weights beside the project)';

/** What the grid of neighbours says, tile by tile. */
async function neighbours(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: /^Rank 1,/ }).waitFor();
  await expect.poll(() => page.getByRole('button', { name: /^Rank \d+,/ }).count()).toBe(10);
  return page
    .getByRole('button', { name: /^Rank \d+,/ })
    .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label') ?? ''));
}

test.skipIf(!sharedDir)(
  `a folder of photos is dropped, embedded, searched, and searched again after a reload${needsPhotos}`,
  async () => {
    const shared = sharedDir ?? '';
    const folder = join(await temporaryFolder(), 'groceries');
    const written = await writePhotos(shared, folder, { classes: 36, training: 0, query: 2, gallery: 6 });
    const all = written.query + written.gallery;
    const { page, url, errors, drop } = await openApp({ modelsDir: join(shared, 'models') });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));

    // Drop a folder.
    await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
    await drop(folder);
    await page.getByRole('button', { name: 'Cancel: Reading images' }).first().waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Cancel: Reading images' }).count()).toBe(0);
    for (const fact of [36, written.query, written.gallery]) {
      await page.getByText(String(fact), { exact: true }).first().waitFor();
    }

    // Embed it with a network whose weights the app's own origin offers.
    await page
      .getByRole('link', { name: /Models/ })
      .first()
      .click();
    await page.getByRole('checkbox', { name: /EfficientNetV2-B0/ }).check();
    await page.getByRole('checkbox', { name: /Colour and gradient/ }).uncheck();
    await page.getByRole('button', { name: new RegExp(`^Embed ${all} images with 1 model`) }).click();
    await expect.poll(() => page.getByText(`${all} / ${all}`).count(), { timeout: 280_000, interval: 1000 }).toBe(1);
    await expect.poll(() => page.getByRole('button', { name: /^Cancel: / }).count()).toBe(0);

    // Drop a query.
    await page
      .getByRole('link', { name: /Search/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Query', exact: true }).waitFor();
    const [name = ''] = (await readdir(join(shared, 'parity/photos'))).filter((file) => file.startsWith('collage'));
    await drop(join(shared, 'parity/photos', name));
    const before = await neighbours(page);
    // So few images are compared one by one unless HNSW is asked for.
    const taken = new RegExp(`^Embedded in .*, searched ${written.gallery} images in .* by exact search`);
    await page.getByTitle(taken).waitFor();
    await page.getByLabel('Index', { exact: true }).selectOption('hnsw');
    await page.getByTitle(/recall@10 (1|0\.99)/).waitFor();
    expect(await neighbours(page)).toEqual(before);

    const searched = new RegExp(`^Searched ${written.gallery} images in`);
    // Reload: nothing is computed again, not even the query, whose features are stored by now.
    const loaded = requests.length;
    await page.reload();
    expect(await neighbours(page)).toEqual(before);
    await page.getByTitle(searched).waitFor();
    const reloaded = requests.slice(loaded);
    expect(reloaded.filter((request) => /backbone\.worker|\.safetensors|tfjs/.test(request))).toEqual([]);

    // Another query, chosen among the neighbours: its features are stored, too.
    await page.getByRole('button', { name: /^Rank 1,/ }).press('s');
    // What was said of the query before stands there until this one is answered.
    await page.waitForURL(/query=[0-9a-f]{64}/);
    await answered(page);
    await page.getByTitle(searched).waitFor();
    // By the index that was kept.
    await page.getByTitle(/by HNSW, recall@10 (1|0\.99)/).waitFor();

    expect(requests.filter((request) => !request.startsWith(url) && !/^(blob|data):/.test(request))).toEqual([]);
    expect(errors).toEqual([]);
  },
  1_200_000,
);
