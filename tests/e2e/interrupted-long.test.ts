import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { temporaryFolder } from './browser-session.ts';
import { disturbed, type Moment, undisturbed } from './interruption.ts';
import { begin, interrupted, settled, Visit } from './journey.ts';
import { writePictures } from './pictures.ts';
import { serveSlowWeights, writeTinyWeights } from './slow-weights.ts';

// Twenty moments at random: tests/endurance/interrupted-moments.test.ts.
test('cancelled in its stages, reloaded, crashed or closed, work goes on with one press and ends as if undisturbed', async () => {
  const folder = await temporaryFolder();
  const pictures = join(folder, 'kinds');
  await writePictures(pictures, { kinds: 3, training: 10, query: 3, gallery: 5, mixed: true });
  await writeTinyWeights(join(folder, 'models'));
  const weights = await serveSlowWeights(join(folder, 'models'), 50);
  const calm = await undisturbed(await Visit.begin(join(folder, 'calm'), weights.url), pictures);

  // Of 54 images, some 20 are embedded when it stalls.
  const visit = await Visit.begin(join(folder, 'disturbed'), weights.url, 20);
  weights.stopNextHalfway();
  const download: Moment = {
    step: 'download',
    reached: (page) =>
      page
        .getByText(/^[1-5](\.\d)? of 11 MB/)
        .first()
        .waitFor(),
    end: 'tab closed',
  };
  expect(await disturbed(visit, pictures, download, calm)).toContain('downloading DeiT-Tiny');

  const stalled = (page: Page) => page.waitForFunction(() => localStorage.getItem('stalled') !== null);
  const embed: Moment = { step: 'embed', reached: stalled, end: 'crash' };
  expect(await disturbed(visit, pictures, embed, calm)).toContain('embedding with Colour and gradient');

  await begin(visit.page, 'compare', pictures);
  await visit.page.getByRole('button', { name: /^Cancel: Training the head/ }).click();
  await settled(visit.page);
  // What was cancelled by hand is nothing to go on with.
  expect(await interrupted(visit.page).count()).toBe(0);
  await visit.page.getByText(/It was interrupted in the first epoch|Interrupted after epoch/).waitFor();
  // The epochs of the training that was cancelled stand there until the next begins.
  const training = async (page: Page) => {
    await page.getByRole('button', { name: /^Cancel: Training the head/ }).waitFor();
    await page.getByText(/Epoch ([5-9]|\d{2,}) of at most 600/).waitFor();
  };
  const compare: Moment = { step: 'compare', reached: training, end: 'reload' };
  expect(await disturbed(visit, pictures, compare, calm)).toMatch(/comparing 2 models at “Training the head/);
}, 1_200_000);
