import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { RunRow } from '../../../src/app/comparison/comparison.ts';
import { chooseDashboard } from '../../../src/app/dashboard/load.ts';
import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { type FakeDashboard, fillDashboard, perfect } from './fake-dashboard.ts';
import { fillDataset, fillModels } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

async function mountDashboard(options: FakeDashboard = {}, width = 1440, parameters = ''): Promise<void> {
  await page.viewport(width, 900);
  fillDataset();
  fillModels();
  await fillDashboard(options);
  await mountAt(`/dashboard${parameters}`);
  await eventually(() => byName('input', 'Filter the models'));
}

/** Texts of a column of the leaderboard, top to bottom. */
const column = (at: number): string[] =>
  [...document.querySelectorAll('table[aria-label=Leaderboard] tbody:not([hidden]) tr')].map(
    (row) => row.children[at]?.textContent ?? '',
  );

const idOf = (at: number): string => workspace().comparison.getState().runs[at]?.id ?? '';
const parameters = (): URLSearchParams => new URLSearchParams(location.hash.slice(location.hash.indexOf('?')));

function change(element: HTMLElement, value: string): void {
  const prototype = element instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(element, value);
  element.dispatchEvent(new Event(element instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
}

/** The comparisons of what is shown have come to their end. */
async function compared(): Promise<void> {
  await eventually(() => expect(workspace().leaderboard.getState().differences.size).toBeGreaterThan(0));
  await eventually(() => expect(workspace().leaderboard.getState().progress).toBeNull());
}

test('without data, and without runs, it says what it is for and where to go', async () => {
  datasetListStore.setState({ status: 'empty' });
  await mountAt('/dashboard');
  expect(byName('main a', 'Go to Data').getAttribute('href')).toBe('#/data');
  fillDataset();
  const link = await eventually(() => byName('main a', 'Go to Comparison'));
  expect(link.getAttribute('href')).toBe('#/comparison');
  // Nothing can be scored of images without classes.
  fillModels();
  workspace().dataset.setState(({ images }) => ({ images: images.map((image) => ({ ...image, className: null })) }));
  await eventually(() => byName('main h2', 'No image has a class'));
  expect(document.querySelector('main a[href="#/comparison"]')).toBeNull();
  byName('main button', 'Search').click();
  await eventually(() => expect(location.hash).toBe('#/search'));
  expect(called('embed')).toHaveLength(1);
});

test('the chosen runs stay in sight; on a phone, where each takes lines of its own, they leave the room to the tab', async () => {
  const scrolled = async (width: number) => {
    await mountDashboard({}, width);
    await page.viewport(width, 700);
    // Whatever the tab is, there is more than a window of it.
    const rest = document.createElement('div');
    rest.style.height = '3000px';
    const runs = byName('section', 'Chosen runs');
    runs.parentElement?.parentElement?.append(rest);
    window.scrollTo(0, 1500);
    await eventually(() => expect(window.scrollY).toBeGreaterThan(1000));
    const { top, bottom } = runs.getBoundingClientRect();
    window.scrollTo(0, 0);
    unmount();
    return { top, bottom };
  };
  const wide = await scrolled(1440);
  expect(wide.top).toBeGreaterThan(0);
  expect(wide.bottom).toBeLessThan(400);
  const narrow = await scrolled(390);
  expect(narrow.bottom).toBeLessThan(0);
  await page.viewport(1440, 900);
});

test('where nothing is scored no run is called the best', async () => {
  fillDataset();
  fillModels();
  await fillDashboard({ a: 0, b: null });
  const [first] = workspace().comparison.getState().runs;
  if (!first) throw new Error('There is no run.');
  workspace().comparison.setState({ runs: [{ ...first, result: { ...first.result, test: null, validation: null } }] });
  await chooseDashboard(workspace(), { a: null });
  await mountAt('/dashboard');
  const select = await eventually(() => byName('select', 'Run A'));
  expect(select).toHaveProperty('value', first.id);
  expect([...select.querySelectorAll('option')].map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^Colour and gradient/),
  ]);
});

test('labels that are clusters of a model are said, since they flatter its figures', async () => {
  await mountDashboard();
  expect(document.body.textContent).not.toContain('from clusters');
  workspace().dataset.setState({ clustered: [{ model: 'ResNet-50, frozen', images: 1250 }] });
  await eventually(() =>
    expect(document.body.textContent).toContain(
      '1,250 labels come from clusters of “ResNet-50, frozen”, so the figures of that model look better than they are.',
    ),
  );
  // Without any figure nothing is flattered.
  workspace().comparison.setState(({ runs }) => ({
    runs: runs.map((run) => ({ ...run, result: { ...run.result, test: null, validation: null } })),
  }));
  await eventually(() => expect(document.body.textContent).not.toContain('from clusters'));
});

test('results that count no longer are said, on the comparison too, with what makes them again', async () => {
  await mountDashboard();
  const { runs } = workspace().comparison.getState();
  workspace().comparison.setState({ outdated: runs.slice(0, 3).map(({ choice }) => choice) });
  for (const address of ['/dashboard', '/comparison']) {
    location.hash = address;
    await eventually(() =>
      expect(document.querySelector('main')?.textContent).toContain(
        '3 results were made with other labels or images and no longer count.',
      ),
    );
    byName('button', 'Run the comparison again').click();
    byName('nav a', /^Comparison, some results no longer count/);
  }
  expect(called('runOutdated')).toHaveLength(2);
});

test('the chosen runs stand over every tab: changed, swapped, and B cleared', async () => {
  await mountDashboard({ a: 6, b: 1 });
  expect(byName('section', 'Chosen runs').textContent).toContain('Top-10');
  change(byName('select', 'Run B'), idOf(0));
  await eventually(() => expect(workspace().dashboard.getState().b).toBe(idOf(0)));
  byName('button', 'Swap A and B').click();
  await eventually(() => expect(byName('select', 'Run A')).toHaveProperty('value', idOf(0)));
  expect(workspace().dashboard.getState()).toMatchObject({ a: idOf(0), b: idOf(6) });
  byName('button', 'Clear B').click();
  await eventually(() => expect(byName('select', 'Run B')).toHaveProperty('value', ''));
  expect(byName('button', 'Swap A and B')).toHaveProperty('disabled', true);
  byName('[role=tab]', 'Export').click();
  await eventually(() => expect(parameters().get('tab')).toBe('export'));
  expect(byName('select', 'Run A')).toHaveProperty('value', idOf(0));
});

test('a button that its own press switches off hands the focus on', async () => {
  await mountDashboard({ a: 6, b: 1 });
  byName('button', 'Clear B').focus();
  await userEvent.keyboard('{Enter}');
  await eventually(() => expect(byName('button', 'Clear B')).toHaveProperty('disabled', true));
  await eventually(() => expect(document.activeElement).toBe(byName('select', 'Run B')));
});

test('the address chooses runs and split, and follows them; a tab is a step back', async () => {
  fillDataset();
  await fillDashboard();
  const wanted = new URLSearchParams({ a: idOf(2), split: 'validation', other: 'kept' });
  await mountDashboard({}, 1440, `?${wanted}`);
  await eventually(() =>
    expect(workspace().dashboard.getState()).toMatchObject({ a: idOf(2), b: null, split: 'validation' }),
  );
  await eventually(() => expect(byName('select', 'Run A')).toHaveProperty('value', idOf(2)));
  change(byName('select', 'Run B'), idOf(1));
  await eventually(() => expect(parameters().get('b')).toBe(idOf(1)));
  expect(parameters().get('other')).toBe('kept');
  byName('[role=tab]', 'Export').click();
  await eventually(() => expect(byName('[role=tab]', 'Export').getAttribute('aria-selected')).toBe('true'));
  expect(parameters().get('other')).toBeNull();
  expect(parameters().get('a')).toBe(idOf(2));
  history.back();
  await eventually(() => expect(byName('[role=tab]', 'Leaderboard').getAttribute('aria-selected')).toBe('true'));
  expect(parameters().get('other')).toBe('kept');
  expect(workspace().dashboard.getState()).toMatchObject({ a: idOf(2), b: idOf(1), split: 'validation' });
});

test('an address without runs gets those that are shown', async () => {
  await mountDashboard({ a: 6, b: 1 });
  await eventually(() => expect(parameters().get('a')).toBe(idOf(6)));
  expect(parameters().get('b')).toBe(idOf(1));
  expect(parameters().get('split')).toBe('test');
});

test('without test labels the validation results are shown instead, and that is said', async () => {
  await mountDashboard({ labelled: false });
  expect(document.body.textContent).toContain('The test images have no labels');
  expect(byName('input[type=radio][value=test]', /.*/)).toHaveProperty('disabled', true);
  expect(byName('input[type=radio][value=validation]', /.*/)).toHaveProperty('checked', true);
  expect(document.body.textContent).toContain('queries from training');
});

test('one row a model: seeds unfold, columns sort both ways', async () => {
  await mountDashboard();
  expect(column(1)).toHaveLength(6);
  byName('table button', '3 seeds of ResNet-50, fine-tuned, cosine').click();
  await eventually(() => expect(column(1)).toHaveLength(9));
  expect(column(1).filter((name) => /^seed \d/.test(name))).toEqual(['seed 0', 'seed 1', 'seed 2']);
  byName('table button', '3 seeds of ResNet-50, fine-tuned, cosine').click();
  await eventually(() => expect(column(1)).toHaveLength(6));
  const shares = () => column(5).map((text) => Number.parseFloat(text));
  byName('thead button', 'Top-1').click();
  await eventually(() => expect(shares()).toEqual([...shares()].sort((a, b) => b - a)));
  expect(byName('thead th', /^Top-1$/).getAttribute('aria-sort')).toBe('descending');
  byName('thead button', 'Top-1').click();
  await eventually(() => expect(shares()).toEqual([...shares()].sort((a, b) => a - b)));
  byName('thead button', 'Combination').click();
  await eventually(() => expect(column(3).slice(0, 2)).toEqual(['concat', 'mean']));
});

test('text and kind filter the models', async () => {
  await mountDashboard();
  change(byName('input', 'Filter the models'), 'resnet dropout');
  await eventually(() => expect(column(2)).toEqual(['fine-tuned, linear, dropout 0.2, no refit']));
  expect(byName('main [role=status]', /models$/).textContent).toBe('1 of 6 models');
  change(byName('input', 'Filter the models'), '');
  byName('input[type=radio][value=ensemble]', /.*/).click();
  await eventually(() => expect(new Set(column(3))).toEqual(new Set(['mean', 'concat'])));
  change(byName('input', 'Filter the models'), 'zebra');
  await eventually(() => expect(document.body.textContent).toContain('No model fits the filter.'));
});

test('ticks choose A and B; the only one that is shown stays', async () => {
  await mountDashboard({ a: 0, b: null });
  const baseline = 'Colour and gradient, frozen';
  expect(byName('input', `Compare ${baseline}, now A`)).toHaveProperty('disabled', true);
  byName('input', 'Compare ResNet-50, frozen').click();
  await eventually(() => byName('input', 'Compare ResNet-50, frozen, now B'));
  // The first of several seeds.
  byName('input', 'Compare ResNet-50, fine-tuned, cosine').click();
  await eventually(() => expect(workspace().dashboard.getState().b).toBe(idOf(2)));
  byName('input', `Compare ${baseline}, now A`).click();
  await eventually(() => expect(workspace().dashboard.getState()).toMatchObject({ a: idOf(2), b: null }));
  expect(called('chooseDashboard').at(-1)).toEqual([{ a: idOf(2), b: null }]);
});

test('the highest is the best only where it is better than every other model', async () => {
  await mountDashboard();
  await compared();
  await eventually(() => expect(document.body.textContent).toContain('Not separable from'));
  expect(document.body.textContent).not.toContain('Best in');
  expect(column(7).filter((text) => text.includes('not separable')).length).toBeGreaterThan(0);
  // Far apart in the first neighbour: baseline and fine-tuned.
  workspace().comparison.setState(({ runs }) => ({ runs: runs.filter((_, at) => at === 0 || at === 3) }));
  byName('thead button', 'Top-1').click();
  await eventually(() => expect(document.body.textContent).toContain('Best in top-1 accuracy'));
  expect(document.body.textContent).toContain('It is better than the other model.');
  // Without an ensemble or a second seed there is no column of either.
  expect(column(3)[0]).toContain('Best');
});

test('a model over a part of the gallery says so, stands last and is held against none over all of it', async () => {
  await mountDashboard();
  await compared();
  const { runs } = workspace().comparison.getState();
  workspace().comparison.setState({
    runs: runs.map((run, at) => {
      const { test } = run.result;
      const scores = test && { ...test, gallery: 648 };
      // The easiest of them.
      const easy = scores && { ...scores, gallery: 300, topk: { 1: 1, 5: 1, 10: 1 } };
      return { ...run, result: { ...run.result, test: at === 0 ? easy : scores } };
    }),
  });
  const last = await eventually(() => {
    const row = [...document.querySelectorAll('table[aria-label=Leaderboard] tbody:not([hidden]) tr')].at(-1);
    expect(row?.textContent).toContain('judged against 300 of 648 gallery images');
    return row;
  });
  expect(last?.textContent).not.toMatch(/Best|highest|ahead|not separable/);
  const said = [...document.querySelectorAll('table[aria-label=Leaderboard] tbody tr')].filter(({ textContent }) =>
    textContent?.includes('gallery images'),
  );
  expect(said).toHaveLength(1);
});

test('a comparison shows how far it is, can be stopped, and taken up again', async () => {
  await mountDashboard();
  await compared();
  workspace().leaderboard.setState({ differences: new Map(), progress: { done: 1, total: 9 } });
  (await eventually(() => byName('main button', 'Stop'))).click();
  expect(document.body.textContent).toContain('1 of 9 comparisons');
  expect(called('stopComparing').length).toBeGreaterThan(0);
  workspace().leaderboard.setState({ progress: null, stopped: true });
  (await eventually(() => byName('main button', 'Compare now'))).click();
  await compared();
  await eventually(() => expect(document.body.textContent).toContain('Not separable from'));
});

test('differences say in words what the interval says', async () => {
  await mountDashboard();
  await compared();
  const rows = () =>
    [...document.querySelectorAll('section[aria-labelledby=differences-heading] tbody tr')].map((row) => ({
      text: row.textContent,
      interval: /\[([+−]?[\d.]+), ([+−]?[\d.]+)\]/
        .exec(row.textContent)
        ?.slice(1)
        .map((end) => Number(end.replace('−', '-'))),
    }));
  await eventually(() => expect(rows().filter(({ interval }) => interval !== undefined)).toHaveLength(4));
  for (const { text, interval } of rows()) {
    const [low = 0, high = 0] = interval ?? [];
    expect(text).toMatch(low > 0 ? /better$/ : high < 0 ? /worse$/ : /not separable$/);
  }
  expect(rows()[0]?.text).toContain('fine-tuned, cosine against frozen');
  expect(rows()[2]?.text).toContain('ViT-B/16, fine-tuned: not scored alone with this recipe');
});

test('in a narrow window the models are cards, sorted by a choice', async () => {
  await mountDashboard({}, 390);
  const names = () =>
    [...document.querySelectorAll('ul[aria-label=Leaderboard] > li bdi')].map((name) => name.textContent);
  expect(names()).toHaveLength(6);
  change(byName('select', 'Sort the models by'), 'model');
  await eventually(() => expect(names()[0]).toBe('Colour and gradient'));
  byName('input', 'Compare Colour and gradient, frozen').click();
  await eventually(() => expect(workspace().dashboard.getState().b).toBe(idOf(0)));
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
});

test('one choice of metric rules order, chips and the run that is shown', async () => {
  await mountDashboard({ a: -1, b: null });
  const perfect = (at: number, top1: number) => (run: RunRow, position: number) => {
    const { test: scores } = run.result;
    if (position !== at || !scores) return run;
    const { metrics: _, ...rest } = scores;
    return { ...run, result: { ...run.result, test: { ...rest, topk: { ...scores.topk, 1: top1, 10: 1 } } } };
  };
  workspace().comparison.setState(({ runs }) => ({ runs: runs.map(perfect(0, 0.5)).map(perfect(1, 0.6)) }));
  await chooseDashboard(workspace(), {});
  await eventually(() => expect(workspace().dashboard.getState().a).toBe(idOf(1)));
  // Two are perfect in the headline metric: both figures are told, and top-1 decides.
  expect(byName('select', 'Run A')).toHaveProperty('value', '');
  expect(byName('section', 'Chosen runs').textContent).toContain('Top-10100.0');
  expect(byName('section', 'Chosen runs').textContent).toContain('Top-160.0');
  expect(document.body.textContent).toContain('2 models are perfect in top-10 accuracy');
  expect(column(1)[0]).toContain('ResNet-50');
  byName('thead button', 'Top-1').click();
  await eventually(() => expect(parameters().get('metric')).toBe('top1'));
  await eventually(() => expect(workspace().dashboard.getState().a).not.toBe(idOf(1)));
  expect(byName('section', 'Chosen runs').textContent).not.toContain('Top-10');
  expect(parameters().get('a')).toBeNull();
  // A run that is chosen stays.
  change(byName('select', 'Run A'), idOf(0));
  await eventually(() => expect(parameters().get('a')).toBe(idOf(0)));
  byName('thead button', 'mAP@R').click();
  await eventually(() => expect(parameters().get('metric')).toBe('mapAtR'));
  expect(workspace().dashboard.getState().a).toBe(idOf(0));
});

test('columns are chosen and remembered, macro averages among them', async () => {
  await mountDashboard();
  byName('button', 'Columns').click();
  const box = (label: string) =>
    [...document.querySelectorAll<HTMLInputElement>('input[type=checkbox]')].find(
      (input) => input.labels?.[0]?.textContent.startsWith(label) ?? false,
    );
  (await eventually(() => box('R-precision') ?? byName('input', 'R-precision'))).click();
  await eventually(() => byName('thead button', 'R-prec.'));
  expect(called('setColumns').at(-1)).toEqual([{ columns: ['top1', 'top5', 'top10', 'mapAtR', 'rPrecision', 'mrr'] }]);
  box('macro')?.click();
  await eventually(() => expect(called('setColumns').at(-1)).toEqual([{ macro: true }]));
  await eventually(() => expect(document.body.textContent).toContain('every class counts alike'));
});

test('a run takes a name and a note by keyboard, and is deleted after a question', async () => {
  await mountDashboard();
  byName('table button', 'Name, note or delete ResNet-50, frozen').focus();
  await userEvent.keyboard('{Enter}');
  (await eventually(() => byName('[role=menuitem]', 'Name and note …'))).focus();
  await userEvent.keyboard('{Enter}');
  const name = await eventually(() => {
    const found = document.querySelector<HTMLInputElement>('[role=dialog] input');
    if (!found) throw new Error('No dialogue yet.');
    return found;
  });
  await eventually(() => expect(document.activeElement).toBe(name));
  // Two models of one name could not be told apart.
  await userEvent.keyboard('colour and gradient{Enter}');
  await eventually(() => expect(document.body.textContent).toContain('Another model has this name already.'));
  expect(called('describeRuns')).toEqual([]);
  await userEvent.clear(name);
  await userEvent.keyboard('For the paper{Enter}');
  await eventually(() => expect(column(1).some((text) => text.startsWith('For the paper'))).toBe(true));
  expect(called('describeRuns').at(-1)).toEqual([[idOf(1)], { name: 'For the paper', note: '' }]);
  await eventually(() => expect(document.querySelector('[role=dialog]')).toBeNull());
  byName('table button', 'Name, note or delete For the paper, frozen').click();
  (await eventually(() => byName('[role=menuitem]', 'Delete …'))).click();
  (await eventually(() => byName('[role=dialog] button', 'Delete the run'))).click();
  await eventually(() => expect(column(1)).toHaveLength(5));
});

test('a run and its rankings stand together; another ranking is chosen beside the run', async () => {
  await mountDashboard({ a: 1, b: null, alsoBy: 'cover' });
  change(byName('select', 'Ranking of run A'), 'cover');
  await eventually(() => expect(parameters().get('a')).toBe(`${idOf(1)}~cover`));
  expect(column(1)).toHaveLength(7);
  const at = column(1).findIndex((text) => text.startsWith('by cover'));
  expect(column(1)[at - 1]).toContain('ResNet-50');
  byName('table button', 'What ranked by cover means').click();
  await eventually(() => expect(document.body.textContent).toContain('Likely classes side by side'));
  change(byName('select', 'Ranking of run A'), 'plain');
  await eventually(() => expect(parameters().get('a')).toBe(idOf(1)));
});

test('frozen and fine-tuned are explained beside the filter that names them', async () => {
  await mountDashboard();
  (await eventually(() => byName('button', 'What frozen means'))).click();
  await eventually(() => expect(document.body.textContent).toContain('Nothing is trained.'));
  byName('button', 'What fine-tuned means');
});

test('at 1280 px the names of both runs can be read beside their rankings', async () => {
  await mountDashboard({ alsoBy: 'cover' }, 1280);
  workspace().comparison.setState(({ runs }) => ({ runs: runs.map(perfect) }));
  await eventually(() => expect(byName('section', 'Chosen runs').textContent).toMatch(/Top-10.*Top-1/));
  for (const name of ['Run A', 'Run B']) expect(byName('select', name).clientWidth).toBeGreaterThan(300);
});

test('beside its figures the name of run A has as much room as the empty menu of run B', async () => {
  await mountDashboard({ b: null }, 1440);
  // Perfect in one metric, all show another as well.
  workspace().comparison.setState(({ runs }) => ({ runs: runs.map(perfect) }));
  await eventually(() => expect(byName('section', 'Chosen runs').textContent).toMatch(/Top-10.*Top-1/));
  const [a, b] = ['Run A', 'Run B'].map((name) => byName('select', name).getBoundingClientRect());
  const bar = byName('section', 'Chosen runs').getBoundingClientRect();
  expect(a?.width).toBeGreaterThan(180);
  expect(Math.abs((a?.width ?? 0) - (b?.width ?? 0))).toBeLessThan(80);
  // Nothing of the line is left free but the button that clears B.
  expect(bar.right - (b?.right ?? 0)).toBeLessThan(60);
});
