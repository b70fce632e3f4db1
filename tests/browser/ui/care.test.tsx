import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { CareReport } from '../../../src/app/dataset/care.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { fillDataset, fillModels } from './fake-state.ts';
import { workspace } from './fake-workspace.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

const read = (image: ImageRecord | undefined) => {
  if (!image || image.hash === null) throw new Error('There is no such image.');
  return { ...image, hash: image.hash };
};

async function openCheck(): Promise<CareReport> {
  await page.viewport(1200, 900);
  fillDataset({ counts: { training: 20, query: 6, gallery: 6 } });
  fillModels();
  const { images } = workspace().dataset.getState();
  const [first, second, third] = images.map(read);
  const gallery = read(images.find(({ split }) => split === 'gallery'));
  if (!first || !second || !third) throw new Error('There are too few images.');
  const report: CareReport = {
    pairs: [
      { a: first, b: gallery, correlation: 0.993 },
      { a: second, b: third, correlation: 0.9 },
    ],
    suspects: [{ image: second, suggested: 'quince', score: 0.8 }],
    outliers: [{ image: third, similarity: 0.3 }],
    compared: 32,
    available: 32,
  };
  workspace().care.setState({ status: 'done', weightsId: null, report });
  await mountAt('/data');
  (await eventually(() => byName('button', /^Check\s*$/))).click();
  return report;
}

test('what was found stands side by side, as far as the threshold goes, and is excluded by a press', async () => {
  const { pairs } = await openCheck();
  await eventually(() => expect(document.body.textContent).toContain('Leak between training and gallery (0.993)'));
  expect(document.body.textContent).not.toContain('One picture twice');
  const name = pairs[0]?.b.path.split('/').at(-1) ?? '';
  byName('button', `Exclude ${name}`).click();
  expect(called('decide')).toEqual([[{ kind: 'exclude', paths: [pairs[0]?.b.path] }]]);
});

test('a likely wrong label is set right by a press, and is suspect no more', async () => {
  const { suspects } = await openCheck();
  const radio = await eventually(() => byName('label', /^Likely wrong labels 1$/));
  radio.click();
  const [suspect] = suspects;
  const button = await eventually(() => byName('button', `${suspect?.image.path.split('/').at(-1)} is of quince`));
  button.click();
  expect(called('decide')).toEqual([[{ kind: 'class', paths: [suspect?.image.path], className: 'quince' }]]);
  workspace().dataset.setState(({ images }) => ({
    images: images.map((image) => (image.path === suspect?.image.path ? { ...image, className: 'quince' } : image)),
  }));
  await eventually(() => expect(document.body.textContent).toContain('Likely wrong labels 0'));
});
