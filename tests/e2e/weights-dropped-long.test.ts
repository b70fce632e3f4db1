import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { rawZip } from '../raw-zip.ts';
import { configOf, TINY, tinyWeights, wholeWeights } from '../tiny-weights.ts';
import { openApp, temporaryFolder } from './browser-session.ts';

/** Weights as people have them, dropped as a file, in a folder and in a zip: used, or named with the way out. */

const bytes = (text: string) => Uint8Array.from(text.padEnd(600, '\0'), (letter) => letter.charCodeAt(0));
const packed = (entry: string) => bytes('PK\x03\x04'.padEnd(30, '\0') + entry);

/** File name, its first bytes, what it is, and whether its bytes tell that where its name does not. */
const FOREIGN: readonly (readonly [name: string, content: Uint8Array, what: string, told?: true])[] = [
  ['best.pt', packed('best/data.pkl'), 'a PyTorch checkpoint', true],
  ['epoch=3.ckpt', packed('archive/data.pkl'), 'a PyTorch checkpoint', true],
  ['model.keras', packed('metadata.json'), 'a Keras model', true],
  ['model.tflite', bytes('\x1c\0\0\0TFL3'), 'a TensorFlow Lite model', true],
  ['resnet.engine', bytes('ftrt\0\0'), 'a TensorRT engine'],
  ['flax_model.msgpack', bytes('\x82\xa6params\x84'), 'a Flax checkpoint'],
  ['ViT-B_16.npz', packed('cls.npy'), 'an archive of NumPy arrays'],
  ['ResNet50.mlmodel', bytes('\x08\x01\x12\xf8\x0d\x0a'), 'a Core ML model'],
  ['saved_model.pb', bytes('\x08\x01\x12\xf8\xa3\x0d\x0a'), 'a TensorFlow graph'],
  ['resnet50.onnx', bytes('\x08\x07\x12\x07pytorch'), 'an ONNX model', true],
  ['model.safetensors.index.json', bytes('{"metadata":{},"weight_map":{"a":"b"}}'.padEnd(600)), 'was saved in parts'],
];

const toData = async (page: Page) => {
  await page.getByRole('link', { name: /^Data/ }).first().click();
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
};
const cached = (page: Page) => page.getByRole('button', { name: /^Remove the cached weights of / });

test('what cannot be read is named, with what to do', async () => {
  const { page, drop } = await openApp();
  const folder = await temporaryFolder();
  for (const [name, content, what, told] of FOREIGN) {
    await mkdir(join(folder, `in ${name}`));
    const ways = [name, `in ${name}/${name}`, ...(told ? [`in ${name}/weights`] : [])];
    for (const way of ways) {
      await toData(page);
      await writeFile(join(folder, way), content);
      await drop(join(folder, way.includes('/weights') ? way : (way.split('/')[0] ?? '')));
      const shown = page.getByRole('alert').filter({ hasText: what });
      if (name.endsWith('.npz') && way !== name) {
        await page.getByText(/is data of Python, which is not read here/).waitFor();
      } else {
        await shown.waitFor().catch((cause: unknown) => {
          throw new Error(`${way} is not said to be ${what}`, { cause });
        });
        expect(await shown.innerText(), way).toMatch(/In Python/);
        await shown.getByRole('button', { name: /Dismiss/ }).click();
      }
    }
  }
});

test('a folder as a hub leaves it is weights, on every screen, and so is a zip of it', async () => {
  const { page, drop } = await openApp();
  const folder = await temporaryFolder();
  const set = join(folder, 'mine');
  await mkdir(set);
  const config = JSON.stringify(configOf(TINY));
  await writeFile(join(set, 'config.json'), config);
  await writeFile(join(set, 'README.md'), 'words');
  await writeFile(join(set, 'model.safetensors'), tinyWeights());
  await drop(set);
  await cached(page).waitFor();
  await page
    .getByText(/\bmine\b/)
    .first()
    .waitFor();
  await toData(page);
  const zip = join(folder, 'from a colleague.zip');
  await writeFile(
    zip,
    rawZip([
      { name: 'theirs/config.json', data: config },
      { name: 'theirs/model.safetensors', data: wholeWeights(TINY, 2) },
    ]),
  );
  await drop(zip);
  await expect.poll(() => cached(page).count()).toBe(2);
  await page
    .getByText(/\btheirs\b/)
    .first()
    .waitFor();
});
