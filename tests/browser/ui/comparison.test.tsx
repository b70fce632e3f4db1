import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { type BestView, defaultRecipe } from '../../../src/app/comparison/comparison.ts';
import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { emptyRow } from '../../../src/app/models/rows.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { ownWeights } from '../../../src/models/own-vectors.ts';
import {
  BASELINE,
  type ComparisonMoment,
  EFFICIENTNET,
  fakeReports,
  fakeRun,
  fillComparison,
  finetuned,
  frozen,
  RESNET,
  VIT,
} from './fake-comparison.ts';
import { fillDataset, fillModels } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

async function mountComparison(moment: ComparisonMoment, width = 1440): Promise<void> {
  await page.viewport(width, 900);
  fillDataset();
  fillModels();
  fillComparison(moment);
  await mountAt('/comparison');
}

/** Texts of a column of the results, top to bottom. */
const column = (at: number): string[] =>
  [...document.querySelectorAll('table[aria-label=Results] tbody tr')].map(
    (row) => row.children[at]?.textContent ?? '',
  );

test('without data it says what is missing and where to go', async () => {
  datasetListStore.setState({ status: 'empty' });
  await mountAt('/comparison');
  expect(byName('main a', 'Go to Data').getAttribute('href')).toBe('#/data');
});

test('without training classes, what takes training is not offered, and frozen models are', async () => {
  fillDataset();
  workspace().dataset.setState(({ images }) => ({
    images: images.map((image) => (image.split === 'training' ? { ...image, className: null } : image)),
  }));
  fillModels();
  await mountAt('/comparison');
  expect(document.body.textContent).toContain('To fine-tune a head takes training images of two classes or more');
  for (const name of ['ResNet-50, fine-tuned', 'ResNet-50 + ViT-B/16, shared']) {
    expect(() => byName('input', name)).toThrow();
  }
  expect(() => byName('button', 'Find the best')).toThrow();
  expect(() => byName('summary', /^Recipe/)).toThrow();
  expect(byName('input', 'ResNet-50, frozen')).toHaveProperty('disabled', false);
  // The paper's ensembles are offered of frozen members.
  byName('input', 'ResNet-50 + ViT-B/16, concat').click();
  expect(called('setEnsemble')).toEqual([[{ members: [frozen(RESNET), frozen(VIT)], combine: ['concat'] }]]);
});

test('ticks choose backbones and the paper’s ensembles', async () => {
  await mountComparison('planned');
  // What would be downloaded is folded away, unless it is ticked.
  expect(() => byName('input', 'DeiT-Tiny, fine-tuned')).toThrow();
  expect(byName('input', 'ViT-B/16, fine-tuned')).toHaveProperty('checked', true);
  byName('button', 'Show 1 more, to be downloaded').click();
  (await eventually(() => byName('input', 'DeiT-Tiny, fine-tuned'))).click();
  expect(called('tickSingle')).toEqual([['deit_tiny_patch16_224.fb_in1k', 'finetuned', true]]);
  byName('input', 'ResNet-50 + ViT-B/16, shared').click();
  expect(called('setEnsemble')).toEqual([
    [{ members: [finetuned(RESNET), finetuned(VIT)], combine: ['mean', 'shared'] }],
  ]);
  expect(byName('input', 'ResNet-50 (fine-tuned) + ResNet-50 (frozen), shared')).toHaveProperty('disabled', true);
});

test('vectors of no training images are offered frozen, and it says why not fine-tuned', async () => {
  await page.viewport(1440, 900);
  fillDataset();
  fillModels();
  const weights = ownWeights({ name: 'mine', sha256: 'a'.repeat(64), dimensions: 768 });
  const embedded = workspace()
    .dataset.getState()
    .images.filter(({ split }) => split !== 'training').length;
  workspace().models.setState(({ rows }) => ({ rows: [...rows, { ...emptyRow(weights, false), embedded }] }));
  fillComparison('planned');
  workspace().comparison.setState(({ ensembles }) => ({
    frozenOnly: [weights.id],
    ensembles: [...ensembles, { members: [finetuned(weights.id), finetuned(RESNET)], combine: ['mean'] }],
  }));
  await mountAt('/comparison');
  const why = 'Fine-tuning needs vectors of training images of two classes';
  expect(byName('input', 'mine, fine-tuned')).toMatchObject({ disabled: true, title: why });
  expect(byName('input', 'mine, frozen')).toHaveProperty('disabled', false);
  expect(byName('tbody th', /^mine/).textContent).toContain(why);
  // What was ticked before can be unticked, and no more is offered.
  expect(byName('input', 'mine + ResNet-50, mean')).toMatchObject({ checked: true, disabled: false });
  expect(byName('input', 'mine + ResNet-50, concat')).toMatchObject({ disabled: true, title: why });
  byName('button', 'Add an ensemble').click();
  const first = await eventually(() => byName('select', 'Member 1'));
  await page.elementLocator(first).selectOptions('mine');
  const head = byName('select', 'Head of member 1');
  await eventually(() => expect(head).toMatchObject({ value: 'frozen', title: why }));
  expect(head.querySelector('[value=finetuned]')).toHaveProperty('disabled', true);
});

test('backbones are called by their tags, and ensembles name what they would download', async () => {
  await mountComparison('planned');
  const backbone = (name: string) => byName('tbody th', new RegExp(`^${name}`)).textContent;
  expect(backbone('ResNet-50')).toBe('ResNet-50resnet50.tv_in1k, embedded');
  expect(backbone('EfficientNet-B0')).toBe('EfficientNet-B0efficientnet_b0.ra_in1k, to download, 21 MB');
  expect(backbone('Colour and gradient')).toBe('Colour and gradientBaselineembedded');
  const ensemble = (at: number) => document.querySelectorAll('section[aria-labelledby=ensembles-heading] tbody th')[at];
  // All that is embedded, the descriptor too, is offered together first, and needs nothing.
  expect(ensemble(0)?.textContent).toBe('ResNet-50 + Colour and gradientfine-tuned');
  expect(ensemble(1)?.textContent).toContain('ResNet-50 + ViT-B/16fine-tunedto download: ViT-B/16, 346 MB');
  workspace().models.setState(({ rows }) => ({
    rows: rows.map((row) => (row.weights.id === EFFICIENTNET ? { ...row, embedded: 1679 } : row)),
  }));
  await eventually(() =>
    expect(ensemble(0)?.textContent).toBe('ResNet-50 + EfficientNet-B0 + Colour and gradientfine-tuned'),
  );
});

test('a comparison that was asked for while images are read says what it waits for', async () => {
  await mountComparison('planned');
  workspace().dataset.setState({ awaiting: ['compare'] });
  await eventually(() => expect(byName('main button', 'Run comparison')).toMatchObject({ disabled: true }));
  expect(document.getElementById('run-note')?.textContent).toBe('Starts as soon as the images are read.');
});

test('after a run the results are in sight', async () => {
  await mountComparison('running', 390);
  const results = byName('h2', 'Results');
  window.scrollTo(0, 0);
  expect(results.getBoundingClientRect().top).toBeGreaterThan(900);
  fillComparison('done');
  workspace().comparison.setState({ running: false });
  await eventually(() => {
    expect(results.getBoundingClientRect().top).toBeGreaterThan(0);
    expect(results.getBoundingClientRect().top).toBeLessThan(450);
  });
});

test('the best of what is embedded is chosen by one press, told step by step, and scored once on the test', async () => {
  await mountComparison('planned');
  const note = () => document.getElementById('best-note')?.textContent;
  expect(note()).toBe('Among 2 embedded models, each frozen and fine-tuned.');
  await page.getByLabelText('For', { exact: true }).selectOptions('Top-1 accuracy');
  await page.getByLabelText('In at most').selectOptions('15 minutes');
  byName('button', 'Find the best').click();
  expect(called('chooseBest')).toEqual([[1, 900_000]]);

  const winner = fakeRun({ members: [finetuned(RESNET), frozen(RESNET)], combine: 'concat', top1: 0.8, mapAtR: 0.5 });
  const single = fakeRun({ members: [finetuned(RESNET)], top1: 0.7, mapAtR: 0.5 });
  const step = ({ choice, label }: typeof winner, value: number) => ({ choice, label, value, gain: null });
  const nothing = { path: [], found: null, runId: null } as const;
  const begun: BestView = { k: 1, state: 'running', ...nothing, subject: 'now', outdated: false };
  const show = (best: Partial<BestView>) => workspace().comparison.setState({ best: { ...begun, ...best } });
  show({});
  await eventually(() => byName('button', 'Stop choosing'));
  expect(document.body.textContent).toContain('Each frozen model is tried first.');
  const path = [step(single, 0.712), step(winner, 0.81)];
  show({ path: path.slice(0, 1), runId: single.id });
  const told = () => byName('ol', 'The path to the best').textContent;
  await eventually(() => expect(told()).toBe('ResNet-50, fine-tuned 71.2'));
  show({ state: 'stopped', path: path.slice(0, 1), runId: single.id });
  await eventually(() => expect(document.body.textContent).toContain('Stopped; the last is the best until then'));

  workspace().comparison.setState(({ runs }) => ({ runs: [...runs, winner] }));
  const found = { interval: [0.762, 0.851] as const, tried: 19, complete: true };
  show({ state: 'done', path, found, runId: winner.id });
  await eventually(() => expect(told()).toBe('ResNet-50, fine-tuned 71.2+ ResNet-50 (frozen) 81.0'));
  const outcome = byName('section[aria-labelledby=best-heading] [role=status]', /./).textContent;
  expect(outcome).toContain('Worth 81.0 [76.2, 85.1] on shoots that were held out, top-1 accuracy: harder than');
  expect(outcome).toContain('On the test its top-1 accuracy is 80.0 [75.9, 83.6], over 180 queries.');

  // Once images or labels are others, none of its figures stands, and one press chooses anew.
  show({ state: 'done', path, found, runId: winner.id, outdated: true });
  (await eventually(() => byName('button', 'Find the best again'))).click();
  expect(called('chooseBest').at(-1)).toEqual([1, 900_000]);
  const box = byName('section[aria-labelledby=best-heading]', /./).textContent;
  expect(box).toContain('was chosen with other labels or images, which no longer counts.');
  expect(box).not.toContain('Worth');
});

test('without an embedded model there is no best to be found, and that is said', async () => {
  await mountComparison('planned');
  workspace().models.setState(({ rows }) => ({ rows: rows.map((row) => ({ ...row, embedded: 0 })) }));
  await eventually(() => expect(byName('button', 'Find the best')).toHaveProperty('disabled', true));
  expect(document.getElementById('best-note')?.textContent).toBe('Embed all images with a model first.');
});

test('with one embedded model the best is chosen of it, frozen and fine-tuned', async () => {
  await mountComparison('planned');
  workspace().models.setState(({ rows }) => ({
    rows: rows.map((row) => (row.weights.id === BASELINE ? { ...row, embedded: 0 } : row)),
  }));
  const note = () => document.getElementById('best-note')?.textContent;
  await eventually(() => expect(note()).toBe('Of the embedded model, frozen and fine-tuned.'));
});

test('where no class in training/ can be divided, the button is off, and that alone is the reason', async () => {
  await mountComparison('planned');
  workspace().dataset.setState(({ images }) => {
    const sizes = new Map<string | null, number>();
    const few = images.filter(({ split, className }) => {
      if (split !== 'training') return true;
      const size = (sizes.get(className) ?? 0) + 1;
      sizes.set(className, size);
      return size < 4;
    });
    return { images: few };
  });
  await eventually(() => expect(byName('button', 'Find the best')).toHaveProperty('disabled', true));
  expect(document.getElementById('best-note')?.textContent).toBe(
    'No class in training/ has the four images that it takes to validate. Compare models by name.',
  );
});

test('an own ensemble keeps its row when its last tick goes, until it is taken out', async () => {
  await mountComparison('planned');
  byName('input', 'ResNet-50 (fine-tuned) + ResNet-50 (frozen), concat').click();
  await eventually(() => expect(workspace().comparison.getState().ensembles).toHaveLength(1));
  expect(byName('input', 'ResNet-50 (fine-tuned) + ResNet-50 (frozen), concat')).toHaveProperty('checked', false);
  byName('button', 'Take ResNet-50 (fine-tuned) + ResNet-50 (frozen) out of the plan').click();
  await eventually(() =>
    expect(() => byName('input', 'ResNet-50 (fine-tuned) + ResNet-50 (frozen), concat')).toThrow('There is no input'),
  );
});

test('the builder adds an ensemble, and says why it would not', async () => {
  await mountComparison('planned');
  byName('button', 'Add an ensemble').click();
  const second = await eventually(() => byName('select', 'Member 2'));
  const problem = (): string => document.getElementById('ensemble-problem')?.textContent ?? '';
  await page.elementLocator(second).selectOptions('ResNet-50');
  await eventually(() => expect(problem()).toBe('ResNet-50, fine-tuned, is named twice.'));
  expect(byName('button', 'Add to the plan')).toHaveProperty('disabled', true);
  await page.elementLocator(second).selectOptions('Colour and gradient');
  await eventually(() => expect(problem()).toBe(''));
  byName('button', 'Add to the plan').click();
  expect(called('setEnsemble')).toEqual([[{ members: [finetuned(RESNET), finetuned(BASELINE)], combine: ['mean'] }]]);
  await eventually(() => expect(document.activeElement?.textContent).toBe('Add an ensemble'));
});

test('the stages and the time stand there before anything runs', async () => {
  await mountComparison('planned');
  const button = byName('main button', 'Run comparison: 2 runs, about 3.2 min');
  const stages = (): string => byName('section', 'Stages, scrolls').textContent;
  expect(stages()).toContain('Train the head of ViT-B/16, cosine, seed 0about 14 s');
  expect(stages()).not.toContain('kept');
  byName('button', 'Show what is kept').click();
  await eventually(() => expect(stages()).toContain('Evaluate ResNet-50, frozenkept'));
  button.click();
  expect(called('runComparison')).toHaveLength(1);
});

test('a wrong number is refused with a sentence in its place, a right one is taken over', async () => {
  await mountComparison('planned');
  document.querySelector<HTMLElement>('summary')?.click();
  const epochs = page.elementLocator(byName('input', 'Epochs'));
  await epochs.fill('1.5');
  await page.elementLocator(byName('input', 'Patience')).click();
  await eventually(() => expect(document.body.textContent).toContain('Epochs must be a whole number from 1 to 1000.'));
  expect(byName('input', 'Epochs')).toHaveProperty('value', '1.5');
  await epochs.fill('50');
  await page.elementLocator(byName('input', 'Patience')).click();
  await eventually(() => expect(document.body.textContent).not.toContain('Epochs must be'));
  expect(workspace().comparison.getState().recipe.epochs).toBe(50);
  // What was set stays when the classifier changes; what was at its default follows it.
  byName('input[type=radio][value=linear] + label, label', 'Linear').click();
  await eventually(() =>
    expect(workspace().comparison.getState().recipe).toEqual({ ...defaultRecipe('linear'), epochs: 50 }),
  );
  expect(document.querySelector('summary')?.textContent).toContain('linear classifier, epochs 50');
  byName('button', 'Reset the recipe').click();
  await eventually(() => expect(byName('input', 'Epochs')).toHaveProperty('value', '100'));
});

test('the training is watched live, and can be stopped', async () => {
  await mountComparison('running');
  await eventually(() => expect(document.querySelectorAll('main [role=img] svg path').length).toBeGreaterThan(5));
  expect(document.body.textContent).toContain(
    'Epoch 20 of at most 200; epoch 18 has the lowest validation loss so far.',
  );
  byName('button', 'Stop and keep the best').click();
  expect(called('stopTraining')).toHaveLength(1);
  await page.elementLocator(byName('select', 'Training')).selectOptions('ResNet-50, cosine, seed 0');
  await eventually(() =>
    expect(document.body.textContent).toContain(
      'Stopped after epoch 43: no lower validation loss for 10 epochs; epoch 33 is kept, with 77.3 % validation accuracy. Refit on all training images for 33 epochs.',
    ),
  );
  await eventually(() => byName('[role=img]', /Loss by epoch.*The best epoch is 33\./));
  byName('label', 'Table').click();
  const table = await eventually(() => byName('table', 'Epochs of ResNet-50, cosine, seed 0'));
  expect(table.getAttribute('aria-rowcount')).toBe('77');
});

test('a training that was cancelled is not shown as under way while the next comparison is', async () => {
  await mountComparison('running');
  workspace().comparison.setState(({ trainings }) => ({
    trainings: trainings.map((training, at) => (at === 1 ? { ...training, ended: 'interrupted' } : training)),
  }));
  await eventually(() => expect(document.body.textContent).toContain('Interrupted after epoch 20'));
  expect([...document.querySelectorAll('button')].map(({ textContent }) => textContent)).not.toContain(
    'Stop and keep the best',
  );
});

test('a new training is followed, unless an earlier one was chosen', async () => {
  await mountComparison('running');
  const add = (label: string): void =>
    workspace().comparison.setState(({ trainings }) => ({
      trainings: [...trainings, { label, reports: fakeReports(3, 3), ended: null }],
    }));
  const shown = (): string | undefined =>
    document.querySelector('select[aria-label=Training] option:checked')?.textContent;
  add('third');
  await eventually(() => expect(shown()).toBe('third'));
  await page.elementLocator(byName('select', 'Training')).selectOptions('ResNet-50, cosine, seed 0');
  add('fourth');
  await eventually(() => expect(document.querySelectorAll('select[aria-label=Training] option')).toHaveLength(4));
  expect(shown()).toBe('ResNet-50, cosine, seed 0');
});

test('results: seeds are folded into mean and deviation, and columns sort', async () => {
  await mountComparison('done');
  expect(column(0).map((text) => text.split(/ensemble|(?<!\()fine-tuned|frozen$|Baseline/)[0])).toEqual([
    'ResNet-50 + ViT-B/16',
    'ResNet-50 (fine-tuned) + ResNet-50 (frozen)',
    'ResNet-50',
    'ResNet-50',
    'ResNet-50',
    'Colour and gradient',
  ]);
  // Seeds 0–2 lie 1.1 points apart: a sample standard deviation of 1.1.
  expect(column(1)[2]).toBe('74.4± 1.1');
  expect(column(1)[4]).toBe('68.1[61.2, 74.7]');
  expect(document.body.textContent).toContain(
    'Test: 180 queries of test/query against test/gallery; left out: 2 queries',
  );
  [...document.querySelectorAll<HTMLElement>('button[aria-expanded]')]
    .filter((button) => button.textContent.includes('mean of 3 seeds'))
    .at(-1)
    ?.click();
  await eventually(() => expect(column(0)).toContain('seed 2'));
  byName('th button', 'Top-1').click();
  await eventually(() => expect(column(1)[0]).toContain('79.2'));
  byName('th button', 'Top-1').click();
  await eventually(() => expect(column(1)[0]).toContain('34.1'));
  expect(byName('th', 'Top-1').getAttribute('aria-sort')).toBe('ascending');
});

test('a run is searched with, a head saved; an ensemble has no one head', async () => {
  await mountComparison('done');
  const [run] = workspace()
    .comparison.getState()
    .runs.filter(({ choice }) => choice.recipe.classifier === 'linear');
  byName('button', 'Save the head of ResNet-50, fine-tuned, linear, dropout 0.2, no refit').click();
  expect(called('saveHead')).toEqual([[run?.id]]);
  expect(() => byName('button', /^Save the head of ResNet-50 \+/)).toThrow();
  byName('button', 'Search with Colour and gradient, frozen').click();
  expect(called('chooseRun')).toEqual([[workspace().comparison.getState().runs[0]?.id]]);
  await eventually(() => expect(location.hash).toMatch(/^#\/search/));
});

test('a run has the name that the user gave it, and what it is stands under it', async () => {
  await mountComparison('done');
  const { runs } = workspace().comparison.getState();
  workspace().comparison.setState({
    runs: runs.map((run, at) => (at === 0 ? { ...run, name: 'For the paper' } : run)),
  });
  await eventually(() => expect(column(0).at(-1)).toBe('For the paperBaselineColour and gradientfrozen'));
  byName('button', 'Search with For the paper, frozen');
});

test('without test labels the validation results are shown, and that is said', async () => {
  await mountComparison('done');
  workspace().comparison.setState({
    runs: [fakeRun({ members: [frozen(RESNET)], top1: 0.681, mapAtR: 0.3, labelled: false })],
  });
  await eventually(() => expect(column(1)).toEqual(['71.1[61.0, 80.0]']));
  expect(document.body.textContent).toContain('Validation: 84 queries from training');
  expect(document.body.textContent).toContain(
    'The test queries could not be scored: they have no labels, or none has a class that is also in the gallery. The validation results are shown instead.',
  );
  expect(byName('input[type=radio][value=test]', '')).toHaveProperty('disabled', true);
});

test('in a narrow window the results are cards, sorted by a choice', async () => {
  await mountComparison('done', 390);
  const first = (): string => byName('ul', 'Results').firstElementChild?.textContent ?? '';
  expect(first()).toContain('ResNet-50 + ViT-B/16');
  await page.elementLocator(byName('select', 'Sort the results by')).selectOptions('Model');
  await eventually(() => expect(first()).toContain('Colour and gradient'));
});

test('a head dropped on the screen is loaded', async () => {
  await mountComparison('done');
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(['x'], 'head.safetensors'));
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  expect(called('loadHead')).toMatchObject([[{ name: 'head.safetensors' }]]);
  expect(called('importWeights')).toEqual([]);
});
