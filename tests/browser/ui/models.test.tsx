import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { context } from '../../../src/app/context.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { EmulatedHub, openWorker } from '../models/weights/emulated-hub.ts';
import { fillDataset, fillModels } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(() => {
  unmount();
  vi.restoreAllMocks();
});

async function mountModels(width: number): Promise<void> {
  await page.viewport(width, 900);
  fillDataset();
  fillModels();
  await mountAt('/models');
}

test.each([
  ['table', 1280],
  ['cards', 600],
])('the %s says what each set of weights is and has', async (_, width) => {
  await mountModels(width);
  const row = byName(width > 900 ? 'tbody tr' : 'main li', /ResNet-50/).textContent;
  for (const part of ['classic convolutional network', 'resnet50.tv_in1k', 'BSD-3-Clause, from the Hugging Face hub']) {
    expect(row).toContain(part);
  }
  for (const part of ['2,048', '102 MB', 'Cached', '1,679 / 1,679', '12 images/s', '95.2', '[91.1, 98.8]', '32.8']) {
    expect(row).toContain(part);
  }
  const partial = byName(width > 900 ? 'tbody tr' : 'main li', /EfficientNet-B0/).textContent;
  expect(partial).toContain('12 of 21 MB');
});

test('where no image has a class, there are no columns of scores, and no way to a comparison', async () => {
  await mountModels(1280);
  const heads = () => [...document.querySelectorAll('main thead th')].map(({ textContent }) => textContent.trim());
  expect(heads()).toContain('Top-1');
  byName('#embed-note a', 'Compare models');
  workspace().dataset.setState(({ images }) => ({ images: images.map((image) => ({ ...image, className: null })) }));
  workspace().models.setState(({ rows }) => ({ rows: rows.map((row) => ({ ...row, scores: null })) }));
  await eventually(() => expect(heads()).not.toContain('Top-1'));
  expect(heads()).not.toContain('mAP@R');
  expect([...document.querySelectorAll('#embed-note a')].map((link) => link.getAttribute('href'))).toEqual([
    '#/dashboard?tab=map',
    '#/search',
  ]);
});

test('ticking changes what Embed will do', async () => {
  await mountModels(1280);
  const button = byName('main button', 'Embed 1,679 images with 1 model');
  byName('input', 'Use DeiT-Tiny').click();
  await eventually(() => expect(button.textContent).toBe('Embed 1,679 images with 2 models'));
  button.click();
  expect(called('embed')).toHaveLength(1);
});

// The longest label that the button has.
test('on a narrow screen the words of a button take several lines', async () => {
  await mountModels(390);
  workspace().models.setState(({ rows }) => ({
    rows: rows.map((row) => ({ ...row, ticked: row.weights.id === 'resnet50.tv_in1k', embedded: 312 })),
  }));
  const button = await eventually(() => byName('main button', 'Embed the remaining 1,367 images with 1 model'));
  expect(document.documentElement.scrollWidth).toBe(390);
  const label = button.querySelector('.mantine-Button-label')?.getBoundingClientRect();
  const { left, right, top, bottom } = button.getBoundingClientRect();
  expect(right).toBeLessThanOrEqual(390);
  expect(label?.left).toBeGreaterThan(left);
  expect(label?.right).toBeLessThan(right);
  expect(label?.top).toBeGreaterThan(top);
  expect(label?.bottom).toBeLessThan(bottom);
});

test('embedding that was asked for while images are read says what it waits for', async () => {
  await mountModels(1280);
  expect(byName('main button', /^(Continue embedding|Embed \d+)/)).toMatchObject({ disabled: false });
  workspace().dataset.setState({ awaiting: ['compare', 'embed'] });
  const button = await eventually(() => byName('main button', 'Embed'));
  expect(button).toMatchObject({ disabled: true });
  expect(document.getElementById('embed-note')?.textContent).toContain('Starts as soon as the images are read.');
});

test('the explanation of top-k accuracy opens from its button and closes on Escape', async () => {
  await mountModels(1280);
  const button = byName('button', 'What top-k accuracy means');
  button.focus();
  button.click();
  await eventually(() => expect(document.body.textContent).toContain('hit@k, Recall@k or CMC@k'));
  button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  await eventually(() => expect(document.body.textContent).not.toContain('hit@k'));
});

test('weights are listed once more at another size and with mirror images, and taken out again', async () => {
  await mountModels(1280);
  byName('button', 'List ResNet-50 with other options').click();
  const size = page.getByLabelText('Input size');
  const add = () => byName('button', 'Add to the list').click();
  const problem = () => byName('form p[role=status]', /./).textContent;
  await size.fill('large');
  add();
  await eventually(() => expect(problem()).toBe('The size is a number of pixels, such as 288.'));
  await size.fill('7');
  add();
  await eventually(() => expect(problem()).toContain('32 to 1024 pixels'));
  await size.fill('288');
  await page.getByLabelText('Average with the mirror image').click();
  add();
  await eventually(() => expect(() => byName('button', 'Add to the list')).toThrow('There is no button'));
  const asked = called('listVariant');
  expect(asked.at(-1)).toEqual(['resnet50.tv_in1k', { size: 288, flip: true }]);
  expect(asked).toHaveLength(2);

  workspace().models.setState(({ rows }) => ({
    rows: rows.flatMap((row) => {
      if (row.weights.id !== 'resnet50.tv_in1k') return [row];
      const weights = { ...row.weights, id: 'resnet50.tv_in1k@288-flip', label: 'ResNet-50 at 288, flip-averaged' };
      return [row, { ...row, weights }];
    }),
  }));
  const out = await eventually(() => byName('button', 'Take ResNet-50 at 288, flip-averaged out of the list'));
  // The weights are those of the row above: they are removed there.
  expect(() => byName('button', 'Remove the cached weights of ResNet-50 at 288, flip-averaged')).toThrow(
    'There is no button',
  );
  out.click();
  expect(called('unlistVariant')).toEqual([['resnet50.tv_in1k@288-flip']]);
});

test('removing weights asks first', async () => {
  await mountModels(1280);
  byName('button', 'Remove the cached weights of ResNet-50').click();
  const confirm = await eventually(() => byName('[role=dialog] button', 'Remove the weights'));
  expect(called('removeWeights')).toEqual([]);
  confirm.click();
  expect(called('removeWeights')).toEqual([['resnet50.tv_in1k']]);
});

test.each([
  ['table', 1280],
  ['cards', 600],
])(
  'in the %s what is at hand comes first, then what the server has, then the built-in sets by group, each with its parameters',
  async (_, width) => {
    await mountModels(width);
    const [groups, rows] = width > 900 ? ['tbody th[scope=rowgroup]', 'tbody tr'] : ['main section h2', 'main li'];
    const titles = [...document.querySelectorAll(groups)].map((title) => title.textContent);
    expect(titles.map((title) => title.slice(0, 8))).toEqual(['At hand ', 'On this ', 'The pape', 'Light qu']);
    const names = [...document.querySelectorAll(`${rows} input`)].map((box) => box.getAttribute('aria-label'));
    expect(names.filter((name) => !name?.includes('__proto__'))).toEqual([
      'Use ResNet-50',
      'Use Colour and gradient',
      'Use EfficientNet-B0',
      'Use ViT-B/16',
      'Use DeiT-Tiny',
    ]);
    expect(byName(rows, /ResNet-50/).textContent).toContain('23.6 million parameters');
  },
);

test('what a licence forbids is said in its row and before the download', async () => {
  await mountModels(1280);
  workspace().models.setState(({ rows }) => ({
    rows: rows.map((row) => {
      const { weights } = row;
      return { ...row, weights: weights.label === 'DeiT-Tiny' ? { ...weights, licence: 'cc-by-nc-4.0' } : weights };
    }),
  }));
  const sentence = 'cc-by-nc-4.0 forbids commercial use';
  await eventually(() => expect(byName('tbody tr', /DeiT-Tiny/).textContent).toContain(sentence));
  const note = () => document.getElementById('embed-note')?.textContent;
  expect(note()).not.toContain(sentence);
  byName('input', 'Use DeiT-Tiny').click();
  await eventually(() => expect(note()).toContain(`DeiT-Tiny: ${sentence}.`));
});

test('any other set of the hub is looked up, described with what its licence forbids, and listed', async () => {
  const hub = new EmulatedHub();
  const worker = openWorker(hub);
  vi.spyOn(context.workers.weights, 'api').mockResolvedValue(worker.api);
  onTestFinished(() => worker.close());
  await mountModels(1280);
  const field = page.getByLabelText('Any other weights of the Hugging Face hub');
  const look = byName('button', 'Look up');
  await field.fill('no repository');
  look.click();
  await eventually(() => expect(document.body.textContent).toContain('"no repository" names no repository of'));
  await hub.set({ config: 'unknown' });
  await field.fill('timm/swin_tiny');
  look.click();
  await eventually(() => expect(document.body.textContent).toContain('timm/swin_tiny cannot be used: '));
  expect(called('offerWeights')).toEqual([]);
  await hub.set({ licence: 'cc-by-nc-4.0' });
  await field.fill('timm/mobilenetv3_small_050.found');
  look.click();
  await eventually(() => expect(document.body.textContent).toContain('It can run here.'));
  for (const part of [
    'MobileNetV3-Small 0.5',
    '0.6 million parameters',
    '1,024 features',
    '224 pixels',
    '1.2 MB',
    'cc-by-nc-4.0, forbids commercial use',
  ]) {
    expect(document.body.textContent).toContain(part);
  }
  byName('button', 'Add mobilenetv3_small_050.found to the list').click();
  await eventually(() => expect(called('offerWeights')).toMatchObject([[{ id: 'mobilenetv3_small_050.found' }]]));
  await eventually(() => expect(document.body.textContent).toContain('mobilenetv3_small_050.found is in the list now'));
});
