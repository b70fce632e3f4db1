import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { settled } from './journey.ts';
import { writePictures } from './pictures.ts';

test('heads are trained, combined and compared; a reload keeps the table; a second press computes nothing', async () => {
  const folder = join(await temporaryFolder(), 'kinds');
  await writePictures(folder, { kinds: 4, training: 10, query: 3, gallery: 6 });
  const { page, errors, drop } = await openApp();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(folder);
  await page
    .getByRole('link', { name: /Comparison/ })
    .first()
    .click();
  await page.getByRole('checkbox', { name: /Colour and gradient.*frozen/i }).check();
  await page.getByRole('checkbox', { name: /Colour and gradient.*fine-tuned/i }).check();
  await page.getByRole('button', { name: /^Run comparison/ }).click();

  const table = page.getByRole('table', { name: /results/i });
  await expect.poll(() => table.getByRole('row').count()).toBe(3);
  await settled(page);
  const before = await table.textContent();
  expect(before).toMatch(/frozen/i);
  expect(before).toMatch(/fine-tuned/i);

  await page.reload();
  await expect.poll(() => table.textContent().catch(() => '')).toBe(before);
  // What is there is not made again.
  await page.getByText('Both runs are there already.').waitFor();
  expect(errors).toEqual([]);
}, 900_000);
