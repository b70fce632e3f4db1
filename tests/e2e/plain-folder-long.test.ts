import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { expect, test } from 'vitest';
import { violations } from './accessibility.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { press, tabTo, withoutMouse } from './keyboard.ts';
import { picture } from './pictures.ts';

const KINDS = 5;
const OF_A_KIND = 12;
const ALL = KINDS * OF_A_KIND;
/** A screenful of thumbnails has more pixels in colour; points of unknown class have none. */
const FEWEST_COLOURED = 1000;

const screen = (page: Page, name: RegExp) => page.getByRole('link', { name }).first();
const classes = (page: Page) => page.getByRole('list', { name: 'Classes on the map' }).getByRole('listitem');

/** How many images are selected on the map. */
const selected = async (page: Page): Promise<number> =>
  Number(/^\d+/.exec((await page.locator('#map-selection').textContent()) ?? '')?.[0] ?? 0);

/** As a camera names them, all in one folder: neither names nor folders tell a role or a class. */
async function writePhotos(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let number = 0; number < ALL; number++) {
    const kind = Math.floor(number / OF_A_KIND);
    await writeFile(join(folder, `IMG_${1000 + number}.png`), picture(kind, number));
  }
}

const kindOf = (label: string): number =>
  Math.floor((Number(/IMG_(\d+)/.exec(label)?.[1] ?? Number.NaN) - 1000) / OF_A_KIND);

/** The pixels of the map that are neither grey nor nearly so. */
const coloured = (map: Locator): Promise<number> =>
  map.evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    // Chromium complains of a canvas that is read more than once.
    const copy = Object.assign(document.createElement('canvas'), { width, height });
    const drawing = copy.getContext('2d', { willReadFrequently: true });
    drawing?.drawImage(canvas, 0, 0);
    const { data = [] } = drawing?.getImageData(0, 0, width, height) ?? {};
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [r = 0, g = 0, b = 0] = [data[i], data[i + 1], data[i + 2]];
      if (Math.max(r, g, b) - Math.min(r, g, b) > 50) count++;
    }
    return count;
  });

/** Drags a lasso around the left half of the map. */
async function lassoLeft(page: Page, map: Locator): Promise<void> {
  // Once nothing moves it any more.
  await map.hover({ trial: true });
  const box = await map.boundingBox();
  if (!box) throw new Error('The map is not to be seen.');
  const [left, right] = [box.x + 2, box.x + box.width / 2];
  const [top, bottom] = [box.y + 2, box.y + box.height - 2];
  await page.mouse.move(left, top);
  await page.mouse.down();
  for (const [x, y] of [
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const)
    await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
}

test('a folder of photos without roles or classes opens on their map, and pays off without a comparison', async () => {
  const folder = join(await temporaryFolder(), 'photos');
  await writePhotos(folder);
  const { page, errors, drop } = await openApp();
  await page.setViewportSize({ width: 1440, height: 900 });

  // The drop is all that it takes.
  await drop(folder);
  await page.waitForURL(/#\/dashboard\?tab=map$/);
  const map = page.getByRole('application', { name: `Map of ${ALL} images, Colour and gradient, frozen` });
  await map.waitFor();
  await page.getByRole('progressbar', { name: 'Drawing the map' }).waitFor({ state: 'detached' });
  await expect.poll(() => coloured(map)).toBeGreaterThan(FEWEST_COLOURED);
  // Nothing is scored, and no table says so in dashes.
  expect(await page.getByRole('tab').allTextContents()).toEqual(['Map', 'Export']);
  expect(await page.getByRole('table').count()).toBe(0);
  // Nor is a second run to be chosen where there is none.
  expect(await page.getByRole('combobox', { name: 'Run A', exact: true }).count()).toBe(1);
  expect(await page.getByRole('combobox', { name: 'Run B', exact: true }).count()).toBe(0);
  expect(await violations(page)).toEqual([]);

  // Search is one press away, and answers.
  await page.getByRole('region', { name: 'Steps' }).getByRole('link', { name: 'Search' }).click();
  await page.getByRole('button', { name: /^IMG_1000\.png/ }).click();
  const tiles = page.locator('[data-tile]');
  await expect.poll(() => tiles.count()).toBeGreaterThanOrEqual(10);
  const neighbours = await tiles.evaluateAll((all) => all.map((tile) => tile.getAttribute('aria-label') ?? ''));
  expect(new Set(neighbours.slice(0, 10).map(kindOf))).toEqual(new Set([0]));
  expect(await violations(page)).toEqual([]);

  // A comparison by classes is not offered while there are none.
  await screen(page, /^Comparison/).click();
  await page.getByText('Nothing to compare by: no image has a class').waitFor();
  expect(await page.getByRole('table').count()).toBe(0);
  await page.getByRole('link', { name: 'Go to the map' }).click();

  // What is alike is grouped, and the user names a group.
  await page.getByRole('textbox', { name: 'Number of clusters' }).fill(String(KINDS));
  await page.getByRole('button', { name: 'Find clusters' }).click();
  const clusters = page.getByRole('list', { name: 'Clusters on the map' });
  await expect.poll(() => clusters.getByRole('button', { name: /^Name Cluster \d$/ }).count()).toBe(KINDS);
  await clusters.getByRole('button', { name: 'Name Cluster 1' }).click();
  await page.getByRole('textbox', { name: 'Class', exact: true }).fill('harbour');
  await page.keyboard.press('Enter');
  await page.getByText(`${OF_A_KIND} images are of “harbour” now.`).waitFor();
  await page.getByRole('button', { name: 'Show classes' }).click();
  await expect.poll(() => classes(page).filter({ hasText: 'harbour' }).textContent()).toContain(String(OF_A_KIND));

  // A lasso makes a class, too.
  await page.getByText('Lasso', { exact: true }).click();
  await lassoLeft(page, map);
  await expect.poll(() => selected(page)).toBeGreaterThan(0);
  const count = await selected(page);
  expect(count).toBeGreaterThanOrEqual(OF_A_KIND);
  expect(count).toBeLessThan(ALL);
  await page.getByRole('button', { name: 'Class…' }).click();
  await page.getByRole('textbox', { name: 'Class', exact: true }).fill('left');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText(`${count} images are of “left” now.`).waitFor();
  await expect.poll(() => classes(page).filter({ hasText: 'left' }).textContent()).toContain(String(count));
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => classes(page).filter({ hasText: 'left' }).count()).toBe(0);

  // So do keys: images under the cross of the map, or a whole group of the list.
  await withoutMouse(page);
  await tabTo(page, map);
  await page.keyboard.press('Space');
  await expect.poll(() => selected(page)).toBe(1);
  await press(page, page.getByRole('button', { name: 'Find clusters' }));
  const group = clusters.getByRole('button', { name: /^Select 12 images of Cluster \d$/ }).first();
  await press(page, group);
  await expect.poll(() => selected(page)).toBe(OF_A_KIND);
  await press(page, page.getByRole('button', { name: 'Class…' }));
  const name = page.getByRole('textbox', { name: 'Class', exact: true });
  await tabTo(page, name);
  await page.keyboard.type('meadow');
  await page.keyboard.press('Enter');
  await page.getByText(`${OF_A_KIND} images are of “meadow” now.`).waitFor();

  // Two classes: what can be compared is offered, and what takes training images is not.
  await press(page, screen(page, /^Comparison/));
  await page.getByRole('checkbox', { name: 'Colour and gradient, frozen' }).waitFor();
  expect(await page.getByRole('checkbox', { name: /fine-tuned|shared/i }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Find the best' }).count()).toBe(0);
  const results = page.getByRole('table', { name: 'Results' });
  await expect.poll(() => results.getByRole('row').count()).toBe(2);
  await expect.poll(() => results.getByRole('row').nth(1).textContent()).toMatch(/\d\.\d/);
  await expect.poll(() => results.getByRole('cell', { name: /^[–—-]$/ }).count()).toBe(0);
  await page.getByText(`each of ${2 * OF_A_KIND} images asked against all others`).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(errors).toEqual([]);
}, 900_000);
