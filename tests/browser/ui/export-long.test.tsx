import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import { violations } from './accessibility.ts';
import { fillDashboard } from './fake-dashboard.ts';
import { fillDataset, fillModels } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(() => {
  unmount();
  workspace().dashboard.setState(workspace().dashboard.getInitialState(), true);
});

const ids = (): string[] =>
  workspace()
    .comparison.getState()
    .runs.map(({ id }) => id);

async function mountExport(width = 1440): Promise<void> {
  await page.viewport(width, 900);
  fillDataset();
  fillModels();
  await fillDashboard({ a: 1, b: 2 });
  await mountAt('/dashboard?tab=export');
  await eventually(() => byName('button', 'Save bundle'));
}

/** The control of that label in the row of that title. */
function inRow(title: string, label: string): HTMLElement {
  const row = [...document.querySelectorAll('section')].find((one) => one.querySelector('h2')?.textContent === title);
  const found = [...(row?.querySelectorAll('label') ?? [])].find((one) => one.textContent === label);
  const control = found && document.getElementById(found.htmlFor);
  if (!control) throw new Error(`There is no ${label} in ${title}.`);
  return control;
}

/** As a user picks an entry of a native select. */
function pick(select: HTMLElement, value: string): void {
  if (!(select instanceof HTMLSelectElement)) throw new Error('This is no select.');
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

test('runs without any score offer embeddings, neighbours and labels, and no results', async () => {
  await mountExport();
  workspace().comparison.setState(({ runs }) => ({
    runs: runs.map((run) => ({ ...run, result: { ...run.result, test: null, validation: null } })),
  }));
  const titles = () => [...document.querySelectorAll('main section h2')].map(({ textContent }) => textContent);
  await eventually(() => expect(titles()).not.toContain('Table of results'));
  for (const gone of ['Report', 'Figures', 'Reproducibility bundle']) expect(titles()).not.toContain(gone);
  for (const left of ['Embeddings', 'Ranking for a competition', 'Labels']) expect(titles()).toContain(left);
  // Neither queries nor classes: a plain folder.
  workspace().dataset.setState(({ dataset, images }) => ({
    dataset: dataset && { ...dataset, counts: { training: 0, query: 0, gallery: images.length } },
    images: images.map((image) => ({ ...image, split: 'gallery', className: null })),
  }));
  await eventually(() => expect(titles()).not.toContain('Labels'));
  expect(titles()).not.toContain('Ranking for a competition');
  expect(titles()).toContain('Embeddings');
});

test('without runs it says where they come from', async () => {
  fillDataset();
  fillModels();
  await mountAt('/dashboard?tab=export');
  const link = await eventually(() => byName('main a', 'Go to Comparison'));
  expect(link.getAttribute('href')).toBe('#/comparison');
});

test('report, table and bundle are of all runs, or of the chosen ones', async () => {
  await mountExport();
  byName('button', 'Save report').click();
  expect(called('exportReport')).toEqual([[ids(), true]]);
  pick(inRow('Report', 'Runs'), 'chosen');
  inRow('Report', 'With thumbnails of the examples').click();
  await eventually(() => expect(inRow('Report', 'Runs')).toHaveProperty('value', 'chosen'));
  byName('button', 'Save report').click();
  expect(called('exportReport')[1]).toEqual([ids().slice(1, 3), false]);
  for (const button of ['Save LaTeX', 'Save Markdown', 'Save CSV']) byName('button', button).click();
  expect(called('exportTable').map(([, format]) => format)).toEqual(['latex', 'markdown', 'csv']);
  byName('button', 'Save bundle').click();
  expect(called('exportBundle')).toEqual([[ids()]]);
});

test('the ranking is of the run shown until another is picked, for a k from 1 to 100', async () => {
  await mountExport();
  byName('button', 'Save ranking as JSON').click();
  expect(called('exportRanking')).toEqual([[ids()[1], 'json', 10]]);
  const other = ids()[4] ?? '';
  pick(inRow('Ranking for a competition', 'Run'), other);
  await page.getByLabelText('k (1 to 100)').fill('25');
  await eventually(() => expect(inRow('Ranking for a competition', 'Run')).toHaveProperty('value', other));
  byName('button', 'Save ranking as CSV').click();
  expect(called('exportRanking')[1]).toEqual([other, 'csv', 25]);
  await page.getByLabelText('k (1 to 100)').fill('500');
  byName('button', 'Save ranking as CSV').click();
  expect(Number(called('exportRanking')[2]?.[2])).toBeLessThanOrEqual(100);
});

test('embeddings and projector take the splits that are ticked', async () => {
  await mountExport();
  byName('button', 'Save embeddings').click();
  byName('button', 'Save for the projector').click();
  expect(called('exportEmbeddings')).toEqual([[ids()[1], ['training', 'query', 'gallery']]]);
  byName('button', 'Save as Parquet').click();
  expect(called('exportParquet')).toEqual(called('exportEmbeddings'));
  byName('button', 'Save as COCO').click();
  expect(called('exportLabels')).toEqual([['coco', ['training', 'query', 'gallery']]]);
  expect(called('exportProjector')).toEqual([[ids()[1], ['query', 'gallery'], true]]);
  const { counts } = workspace().dataset.getState().dataset ?? {};
  for (const [split, count] of Object.entries(counts ?? {})) {
    const title = `${split[0]?.toUpperCase()}${split.slice(1)} (${count.toLocaleString('en')})`;
    inRow('Embeddings', title).click();
  }
  await eventually(() => expect(byName('button', 'Save embeddings')).toHaveProperty('disabled', true));
});

test('without query images there is nothing to rank, and the row says so', async () => {
  await mountExport();
  workspace().dataset.setState(({ dataset }) => ({
    dataset: dataset && { ...dataset, counts: { ...dataset.counts, query: 0 } },
  }));
  await eventually(() => expect(document.body.textContent).toContain('there is nothing to rank'));
  expect(() => byName('button', 'Save ranking as JSON')).toThrow();
});

test('a button does nothing while its file is written, keeps the focus, and works by keyboard', async () => {
  await mountExport();
  const button = byName('button', 'Save figures');
  button.focus();
  button.click();
  button.click();
  expect(called('exportFigures')).toHaveLength(1);
  await eventually(() => expect(button.getAttribute('aria-busy')).toBe('false'));
  expect(document.activeElement).toBe(button);
  await userEvent.keyboard('{Enter}');
  await eventually(() => expect(called('exportFigures')).toHaveLength(2));
});

for (const theme of ['light', 'dark'] as const) {
  test.each([1440, 1024, 390])(`fits and breaks no rule of accessibility, ${theme}, %i px`, async (width) => {
    settingsStore.setState({ theme });
    await mountExport(width);
    expect(await violations()).toEqual([]);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  });
}
