import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { fillDataset, fillModels } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

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
  for (const part of ['classic convolutional network', 'BSD-3-Clause', 'Hugging Face hub: timm/resnet50.tv_in1k']) {
    expect(row).toContain(part);
  }
  for (const part of ['2,048', '102 MB', 'Cached', '1,679 / 1,679', '12 images/s', '97.8', '[94.7, 100.0]', '32.8']) {
    expect(row).toContain(part);
  }
  const partial = byName(width > 900 ? 'tbody tr' : 'main li', /EfficientNet-B0/).textContent;
  expect(partial).toContain('12 of 21 MB');
});

test('ticking changes what Embed will do', async () => {
  await mountModels(1280);
  const button = byName('main button', 'Embed 1,679 images with 1 model');
  byName('input', 'Use DeiT-Tiny').click();
  await eventually(() => expect(button.textContent).toBe('Embed 1,679 images with 2 models'));
  button.click();
  expect(called('embed')).toHaveLength(1);
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

test('removing weights asks first', async () => {
  await mountModels(1280);
  byName('button', 'Remove the cached weights of ResNet-50').click();
  const confirm = await eventually(() => byName('[role=dialog] button', 'Remove the weights'));
  expect(called('removeWeights')).toEqual([]);
  confirm.click();
  expect(called('removeWeights')).toEqual([['resnet50.tv_in1k']]);
});
