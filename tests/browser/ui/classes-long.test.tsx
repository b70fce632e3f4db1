import { afterEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import type { ImageRecord, QueryNeighbours, QueryOutcomes, Split } from '../../../src/types.ts';
import { violations } from './accessibility.ts';
import { fakeRuns } from './fake-comparison.ts';
import { fillDashboard } from './fake-dashboard.ts';
import { fakeHash, fillDataset, fillModels } from './fake-state.ts';
import { byName, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

const GALLERY = ['lime', 'lime', 'lemon', 'lemon', 'pear', 'pear'];
const QUERIES = ['lime', 'lime', 'lime', 'lemon', 'pear', 'pear', null, 'fig'];
/** Gallery positions, best first. */
const RANKINGS_A = [
  [2, 0, 1, 3, 4, 5],
  [0, 2, 1, 3, 4, 5],
  [1, 0, 2, 3, 4, 5],
  [2, 3, 0, 1, 4, 5],
  [4, 5, 2, 0, 1, 3],
  [0, 1, 2, 3, 4, 5],
  [0, 1, 2, 3, 4, 5],
  [0, 1, 2, 3, 4, 5],
];
const RANKINGS_B = RANKINGS_A.map((ranking, i) =>
  i === 5 ? [4, 5, 2, 0, 1, 3] : i === 1 ? [3, 0, 1, 2, 4, 5] : ranking,
);

const image = (split: Split, className: string | null, at: number): ImageRecord => ({
  datasetId: 'd1',
  path: `groceries/${split}/${at}.jpg`,
  split,
  file: `${at}.jpg`,
  className,
  bytes: 1000,
  hash: fakeHash(className?.length ?? 0, at),
  width: 400,
  height: 300,
});

function answers(rankings: readonly (readonly number[])[]): { outcomes: QueryOutcomes; neighbours: QueryNeighbours } {
  const hit = (i: number, row: number): boolean => GALLERY[row] === QUERIES[i];
  const relevant = QUERIES.map((_, i) => [...GALLERY.keys()].filter((row) => hit(i, row)).length);
  return {
    outcomes: {
      queries: Int32Array.from(QUERIES.keys()),
      relevant: Int32Array.from(relevant),
      firstHitRank: Int32Array.from(rankings, (ranking, i) => ranking.findIndex((row) => hit(i, row)) + 1),
      apAtR: new Float64Array(QUERIES.length),
    },
    neighbours: {
      k: GALLERY.length,
      rows: Int32Array.from(rankings.flat()),
      similarities: Float32Array.from(rankings.flat(), (_, at) => 0.9 - (at % GALLERY.length) * 0.1),
    },
  };
}

/** Eight queries, of which one has no class and one a class that the gallery has not. */
async function mountClasses(two: boolean, width = 1280): Promise<void> {
  await page.viewport(width, 900);
  fillDataset();
  fillModels();
  workspace().dataset.setState({
    images: [
      ...QUERIES.map((className, at) => image('query', className, at)),
      ...GALLERY.map((className, at) => image('gallery', className, 100 + at)),
    ],
  });
  const [a, b] = fakeRuns();
  if (a === undefined || b === undefined) throw new Error('There are no runs.');
  workspace().comparison.setState({ runs: [a, b] });
  const [ofA, ofB] = [answers(RANKINGS_A), answers(RANKINGS_B)];
  workspace().dashboard.setState({
    status: 'ready',
    split: 'test',
    a: a.id,
    b: two ? b.id : null,
    outcomes: new Map([
      [a.id, ofA.outcomes],
      [b.id, ofB.outcomes],
    ]),
    neighbours: new Map([
      [a.id, ofA.neighbours],
      [b.id, ofB.neighbours],
    ]),
  });
  await mountAt('/dashboard?tab=classes');
  await eventually(() => byName('table', 'All classes'));
}

const rows = (): string[][] =>
  [...document.querySelectorAll('table[aria-label="All classes"] tbody tr:not([aria-hidden])')].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  );
const list = (section: string): string[] =>
  [...byName('section', section).querySelectorAll('li')].map(({ textContent }) => textContent);
const pairs = (): string[] =>
  [...document.querySelectorAll('[aria-labelledby=confused-pairs] li > span')].map(({ textContent }) => textContent);
const parameter = (name: string): string | null => new URLSearchParams(location.hash.split('?')[1]).get(name);
const heading = (): string => document.getElementById('class-queries')?.textContent ?? '';
const choice = (name: string): HTMLElement => byName('label', name);

test('one run: classes from worst to best, by the queries that count', async () => {
  await mountClasses(false);
  expect(rows()).toEqual([
    ['pear', '2', '50.0 [9.5, 90.5]'],
    ['lime', '3', '66.7 [20.8, 93.9]'],
    ['lemon', '1', '100.0 [20.7, 100.0]'],
  ]);
  expect(byName('[role=img]', /^Top-1 accuracy by class, test queries\. /).getAttribute('aria-label')).toContain(
    '3 classes, 6 queries that count: from 50.0 % (pear) to 100.0 % (lemon)',
  );
  expect(() => byName('section', 'Gained most from B to A')).toThrow('There is no section');
  expect(document.querySelector('main')?.textContent).not.toMatch(/\bnull\b|undefined|NaN/);
});

test('another k is another table and part of the address', async () => {
  await mountClasses(false);
  choice('Top-5').click();
  await eventually(() =>
    expect(rows().map(([name, , share]) => [name, share])).toEqual([
      ['lime', '100.0 [43.9, 100.0]'],
      ['pear', '100.0 [34.2, 100.0]'],
      ['lemon', '100.0 [20.7, 100.0]'],
    ]),
  );
  expect(parameter('k')).toBe('5');
});

test('two runs: sorted by the change, with the classes that gained and lost', async () => {
  await mountClasses(true);
  expect(rows()).toEqual([
    ['pear', '2', '50.0 [9.5, 90.5]', '100.0 [34.2, 100.0]', '−50.0'],
    ['lemon', '1', '100.0 [20.7, 100.0]', '100.0 [20.7, 100.0]', '0.0'],
    ['lime', '3', '66.7 [20.8, 93.9]', '33.3 [6.1, 79.2]', '+33.3'],
  ]);
  expect(list('Gained most from B to A')).toEqual(['lime1 of 3 → 2 of 3+33.3']);
  expect(list('Lost most from B to A')).toEqual(['pear2 of 2 → 1 of 2−50.0']);
  choice('Top-10').click();
  await eventually(() =>
    expect(byName('section', 'Lost most from B to A').textContent).toContain('No class loses at top-10.'),
  );
  expect(byName('section', 'Gained most from B to A').textContent).toContain('No class gains at top-10.');
});

test('a class is chosen by keyboard, and its queries stand with their neighbours in both runs', async () => {
  await mountClasses(true);
  expect(heading()).toBe('Queries of pear');
  byName('table button', 'lime').focus();
  await userEvent.keyboard('{Enter}');
  await eventually(() => expect(heading()).toBe('Queries of lime'));
  expect(parameter('class')).toBe('lime');
  expect(byName('table button', 'lime').getAttribute('aria-pressed')).toBe('true');
  const panel = document.querySelector('[aria-labelledby=class-queries]');
  expect(panel?.textContent).toContain('Right at top-1: 2 of 3 in A, 1 of 3 in B.');
  const queries = [...(panel?.querySelectorAll('ul > li') ?? [])];
  expect(queries).toHaveLength(3);
  const verdicts = [...(queries[0]?.querySelectorAll('ol') ?? [])].map((side) =>
    [...side.querySelectorAll('li')].map((neighbour) => neighbour.getAttribute('data-verdict')),
  );
  // The hardest for A comes first: its lemon stands before both limes in A and in B alike.
  expect(verdicts).toEqual([
    ['wrong', 'right', 'right', 'wrong', 'wrong'],
    ['wrong', 'right', 'right', 'wrong', 'wrong'],
  ]);
  const asked = queries[0]?.querySelector('a')?.getAttribute('href') ?? '';
  expect(Object.fromEntries(new URLSearchParams(asked.split('?')[1]))).toEqual({
    tab: 'look',
    class: 'lime',
    query: fakeHash(4, 0),
  });
});

const cell = (words: RegExp): HTMLElement => byName('[role=grid] td', words);

test('the confusion matrix has the right answers on its diagonal, and its cells open their images by keyboard', async () => {
  await mountClasses(false);
  const grid = document.querySelector('[role=grid]');
  expect([...(grid?.querySelectorAll('thead th') ?? [])].map(({ textContent }) => textContent)).toEqual([
    'lemon',
    'lime',
    'pear',
  ]);
  cell(/^lemon → lemon: 1 of 1 query \(100\.0 %\)$/);
  cell(/^lime → lime: 2 of 3 queries \(66\.7 %\)$/);
  cell(/^lime → pear: no query$/);
  expect(pairs()).toEqual(['1 of 2 queries of pear meets lime first.', '1 of 3 queries of lime meets lemon first.']);
  cell(/^lemon → lemon/).focus();
  await userEvent.keyboard('{ArrowDown}');
  expect(document.activeElement).toBe(cell(/^lime → lemon/));
  await userEvent.keyboard('{Enter}');
  const opened = await eventually(() => {
    const found = document.querySelector('[aria-labelledby=cell-queries]');
    if (found === null) throw new Error('No cell is open.');
    return found;
  });
  expect(opened.textContent).toContain('1 of 3 queries of lime have an image of lemon as their first neighbour.');
  const queries = [...opened.querySelectorAll('ul > li')];
  expect(queries).toHaveLength(1);
  expect(queries[0]?.querySelector('ol li')?.getAttribute('data-verdict')).toBe('wrong');
  expect([parameter('asked'), parameter('met')]).toEqual(['lime', 'lemon']);
  // Its neighbours are enlarged beside the query.
  byName('button', /^Enlarge: /).click();
  await eventually(() => byName('[role=dialog] button', 'Next image'));
  await userEvent.keyboard('{Escape}');
  await eventually(() => expect(document.querySelector('[role=dialog]')).toBeNull());
  cell(/^lime → lemon/).focus();
  // An empty cell opens nothing.
  await userEvent.keyboard('{End}{Enter}');
  expect(document.activeElement).toBe(cell(/^lime → pear/));
  expect(parameter('met')).toBe('lemon');
  byName('button', 'Close these queries').click();
  await eventually(() => expect(document.querySelector('[aria-labelledby=cell-queries]')).toBeNull());
});

test('the first wrong neighbours are the second view, of either run', async () => {
  await mountClasses(true);
  choice('First wrong neighbour').click();
  await eventually(() => expect(parameter('confusions')).toBe('wrong'));
  expect(pairs()).toEqual([
    '3 of 3 queries of lime meet lemon first, 1 before any right neighbour.',
    '1 of 1 query of lemon meets lime first.',
    '1 of 2 queries of pear meets lemon first.',
    '1 of 2 queries of pear meets lime first, 1 before any right neighbour.',
  ]);
  choice('Run B').click();
  await eventually(() => expect(pairs()).toContain('2 of 2 queries of pear meet lemon first.'));
  expect(parameter('confused')).toBe('b');
  byName('button', 'Show the queries of pear that meet lemon').click();
  await eventually(() =>
    expect(document.querySelector('[aria-labelledby=cell-queries] ul')?.querySelectorAll(':scope > li')).toHaveLength(
      2,
    ),
  );
});

test('without a query that counts it says why', async () => {
  await mountClasses(false);
  workspace().dataset.setState(({ images }) => ({ images: images.map((record) => ({ ...record, className: null })) }));
  await eventually(() =>
    expect(document.querySelector('main')?.textContent).toContain(
      'Nobody can tell right from wrong: 8 queries have no label.',
    ),
  );
});

test('runs that were asked with different images are not compared without saying so', async () => {
  await mountClasses(true);
  expect(document.body.textContent).not.toContain('asked with different queries');
  workspace().dashboard.setState(({ outcomes, b }) => {
    const ofB = outcomes.get(b ?? '');
    if (b === null || ofB === undefined) throw new Error('There is no run B.');
    const queries = ofB.queries.slice(0, -1);
    return { outcomes: new Map([...outcomes, [b, { ...ofB, queries }]]) };
  });
  await eventually(() => expect(document.body.textContent).toContain('asked with different queries'));
});

test('a thousand classes: forty lines are drawn, and the table has all', async () => {
  await page.viewport(1280, 900);
  fillDataset({ counts: { training: 849, query: 5000, gallery: 5000 } });
  fillModels();
  workspace().dataset.setState(({ images }) => ({
    images: images.map((record, at) => ({ ...record, className: `class ${at % 1000}` })),
  }));
  await fillDashboard();
  await mountAt('/dashboard?tab=classes');
  const table = await eventually(() => byName('table', 'All classes'));
  expect(table.getAttribute('aria-rowcount')).toBe('1001');
  expect(rows().length).toBeLessThan(60);
  const figure = byName('section', /^Top-1 accuracy by class/);
  await eventually(() => expect(figure.querySelectorAll('svg [aria-label="text"] text').length).toBeGreaterThan(0));
  expect(figure.querySelectorAll('svg [aria-label="y-axis tick label"] text')).toHaveLength(40);
  expect(figure.textContent).toContain('Drawn are 40 of 1,000 classes');
  await page.elementLocator(byName('input', 'Find a class by its name')).fill('CLASS 77');
  await eventually(() => expect(rows().map(([name]) => name)).toContain('class 770'));
  expect(document.body.textContent).toContain('11 of 1,000 classes with that name.');
}, 240_000);

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  test.each([1280, 390])('breaks no accessibility rule at %i px', async (width) => {
    settingsStore.setState({ theme });
    await mountClasses(true, width);
    expect(await violations()).toEqual([]);
  });
});
