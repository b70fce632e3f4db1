import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wholeWeights } from '../tiny-weights.ts';
import { openApp, temporaryFolder } from './browser-session.ts';
import { writeTinyWeights } from './slow-weights.ts';

test('weights that are cut off on the server: nothing can be continued, and a whole file is downloaded again', async () => {
  const modelsDir = await temporaryFolder();
  await writeTinyWeights(modelsDir);
  const file = join(modelsDir, 'deit_tiny_patch16_224.fb_in1k/model.safetensors');
  await truncate(file, 1_234_567);
  const { page } = await openApp({ modelsDir, route: '#/models' });
  const download = page.getByRole('button', { name: 'Download DeiT-Tiny now' });
  await download.click();
  await page.getByText(/the file is cut off: 1,234,567 of 11,\d{3},\d{3} bytes are there/).waitFor();
  await page
    .getByText(/Put whole files into the folder models\/deit_tiny_patch16_224\.fb_in1k of this page’s server/)
    .waitFor();
  expect(await page.getByRole('button', { name: 'Continue the download' }).count()).toBe(0);
  await writeFile(file, wholeWeights('deit_tiny_patch16_224'));
  await page.getByRole('button', { name: 'Download again' }).click();
  await page.getByRole('button', { name: 'Remove the cached weights of DeiT-Tiny' }).waitFor();
  expect(await page.getByText(/is cut off/).count()).toBe(0);
});
