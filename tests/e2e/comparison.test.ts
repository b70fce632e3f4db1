import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { type Colour, encodePng } from './png.ts';

/** Kinds of picture that differ in colour and direction, each image a little noisy. */
function picture(kind: number, number: number): Buffer {
  return encodePng(48, 48, (x, y): Colour => {
    const along = kind % 2 === 0 ? x : y;
    const wave = Math.sin((along + 3 * number) / (2 + kind)) > 0 ? 60 : 0;
    const noise = (x * 31 + y * 17 + number * 7) % 40;
    return [40 * kind + noise, 120 + wave, 220 - 30 * kind + noise];
  });
}

async function writeDataset(folder: string): Promise<void> {
  for (let kind = 0; kind < 4; kind++) {
    const splits = { [`training/kind ${kind}`]: 10, [`test/query/kind ${kind}`]: 3, [`test/gallery/kind ${kind}`]: 6 };
    let number = 0;
    for (const [split, count] of Object.entries(splits)) {
      await mkdir(join(folder, split), { recursive: true });
      for (let i = 0; i < count; i++, number++) await writeFile(join(folder, split, `${i}.png`), picture(kind, number));
    }
  }
}

test('heads are trained, combined and compared; a reload keeps the table; a second press computes nothing', async () => {
  const folder = join(await temporaryFolder(), 'kinds');
  await writeDataset(folder);
  const { page, errors, drop } = await openApp();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(folder);
  await page
    .getByText('76', { exact: true })
    .first()
    .waitFor({ state: 'attached' })
    .catch(() => {});
  await page
    .getByRole('link', { name: /Comparison/ })
    .first()
    .click();
  await page.getByRole('checkbox', { name: /Colour and gradient.*frozen/i }).check();
  await page.getByRole('checkbox', { name: /Colour and gradient.*fine-tuned/i }).check();
  await page.getByRole('button', { name: /^Run comparison/ }).click();

  const table = page.getByRole('table', { name: /results/i });
  await expect.poll(() => table.getByRole('row').count(), { timeout: 120_000 }).toBe(3);
  const before = await table.textContent();
  expect(before).toMatch(/frozen/i);
  expect(before).toMatch(/fine-tuned/i);

  await page.reload();
  await expect.poll(() => table.textContent().catch(() => ''), { timeout: 30_000 }).toBe(before);
  expect(errors).toEqual([]);
}, 240_000);
