import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { CareReport } from '../../../src/app/dataset/care.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { fakeRuns } from './fake-comparison.ts';
import { fillDataset, fillModels } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

const read = (image: ImageRecord | undefined) => {
  if (!image || image.hash === null) throw new Error('There is no such image.');
  return { ...image, hash: image.hash };
};

test('the copies of a plain folder are looked for by the press that says so, and named by their files', async () => {
  await page.viewport(1200, 900);
  fillDataset({ counts: { training: 0, query: 0, gallery: 20 } });
  fillModels();
  workspace().comparison.setState({ runs: fakeRuns(false) });
  const images = workspace()
    .dataset.getState()
    .images.map((image) => ({ ...image, className: null }));
  workspace().dataset.setState(({ dataset }) => ({ images, dataset: dataset && { ...dataset, classes: [] } }));
  await mountAt('/data');
  (await eventually(() => byName('button', 'Find copies'))).click();
  await eventually(() => expect(called('lookAfter')).toHaveLength(1));
  const [a, b] = images.map(read);
  if (!a || !b) throw new Error('There are too few images.');
  const pairs = [{ a, b, correlation: 0.99 }];
  workspace().care.setState({
    status: 'done',
    weightsId: null,
    report: { pairs, suspects: [], outliers: [], compared: 20, available: 20 },
  });
  const found = await eventually(() => byName('ul', 'Near-duplicates'));
  // It lies below all that leads to it, and is brought up.
  expect(byName('[role=tab]', /^Check/).getBoundingClientRect().top).toBeLessThan(innerHeight / 2);
  expect(found.textContent).toContain(a.path.split('/').at(-1));
  expect(found.textContent).toContain(b.path.split('/').at(-1));
  // There is neither training nor test, and no label that could be wrong.
  expect(document.body.textContent).not.toContain('Across');
  expect(document.body.textContent).not.toContain('Likely wrong labels');
  expect(found.textContent).not.toContain('gallery');
  // What was found is shown again, without looking once more.
  byName('button', 'Find copies').click();
  expect(called('lookAfter')).toHaveLength(1);
});

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
