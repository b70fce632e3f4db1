import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { answered, begin, untilDone } from './journey.ts';
import { pair, writePictures } from './pictures.ts';

const firstNeighbour = (page: Page) => page.getByRole('button', { name: /^Rank 1,/ });
/** Where an element lies once nothing moves it any more. */
async function resting(element: Locator) {
  await element.hover({ trial: true });
  const box = await element.boundingBox();
  if (!box) throw new Error(`${element} is not to be seen.`);
  return box;
}

const shown = (page: Page, name: string | RegExp) =>
  page.getByRole('region', { name: 'Query', exact: true }).getByText(name);

test('a part of a dropped picture, the camera’s picture and a neighbour dragged to the query are searched with', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'kinds');
  await writePictures(data, { kinds: 5, training: 2, query: 2, gallery: 4 });
  await writeFile(join(folder, 'collage.png'), pair(0, 4, 20));
  const { page, errors, drop } = await openApp({
    flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
  await begin(page, 'read', data);
  await untilDone(page, 'read');
  await begin(page, 'embed', data);
  await untilDone(page, 'embed');
  await page
    .getByRole('link', { name: /^Search/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Query', exact: true }).waitFor();
  await drop(join(folder, 'collage.png'));
  await shown(page, 'collage.png').waitFor();
  await firstNeighbour(page).waitFor();

  await page.getByRole('button', { name: 'Search with a part' }).click();
  // The corner is dragged to the middle: the left half, which has the first kind's colours.
  const frame = page.getByRole('application', { name: /^Crop frame/ });
  const picture = await resting(frame);
  await page.mouse.move(picture.x + picture.width - 3, picture.y + picture.height - 3);
  await page.mouse.down();
  await page.mouse.move(picture.x + picture.width * 0.6, picture.y + picture.height - 3);
  await page.mouse.move(picture.x + picture.width / 2 - 4, picture.y + picture.height - 3);
  await page.mouse.up();
  await page.getByRole('button', { name: /^Rank 1, class kind 0/ }).waitFor();
  await page.waitForURL(/crop=0%2C0%2C0\.[45]/);
  await answered(page);
  // Held by its inside, it is moved to the other half.
  const half = await resting(frame);
  const [middle, height] = [half.x + half.width / 2, half.y + half.height / 2];
  await page.mouse.move(middle, height);
  await page.mouse.down();
  await page.mouse.move(middle + picture.width, height, { steps: 3 });
  await page.mouse.up();
  await page.getByRole('button', { name: /^Rank 1, class kind 4/ }).waitFor();
  // A reload shows the same part.
  await page.reload();
  await page.getByRole('button', { name: /^Rank 1, class kind 4/ }).waitFor();
  await page.getByRole('application', { name: /^Crop frame: \d+ % of the width/ }).waitFor();
  await page.getByRole('button', { name: 'Whole image' }).click();
  await page.getByRole('application', { name: /^Crop frame/ }).waitFor({ state: 'detached' });
  await expect.poll(() => page.url()).not.toContain('crop=');

  // Chromium's synthetic camera.
  await page.getByRole('button', { name: 'Use the camera' }).click();
  await page.getByRole('button', { name: 'Take picture' }).click();
  await shown(page, /^Camera .*\.jpg$/).waitFor();
  await answered(page);
  await firstNeighbour(page).waitFor();
  await page.getByTitle(/^Embedded in .*, searched 20 images/).waitFor();

  // A neighbour is dragged with the mouse.
  const label = (await page.getByRole('button', { name: /^Rank 3,/ }).getAttribute('aria-label')) ?? '';
  const [, className = '', file = ''] = /class (kind \d), .*file (\d\.png)/.exec(label) ?? [];
  await page.getByRole('button', { name: /^Rank 3,/ }).dragTo(page.getByRole('region', { name: 'Query', exact: true }));
  await shown(page, file).waitFor();
  await shown(page, className).waitFor();
  await expect.poll(() => page.url()).toMatch(/query=[0-9a-f]{64}/);
  expect(errors).toEqual([]);
}, 900_000);
