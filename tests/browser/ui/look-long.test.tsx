import { afterEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import type { QueryOutcomes } from '../../../src/types.ts';
import { violations } from './accessibility.ts';
import { fillDashboard } from './fake-dashboard.ts';
import { fakeHash, fillDataset, fillModels, fillSearch } from './fake-state.ts';
import { byName, called, eventually, mountAt, press, unmount } from './mount.tsx';

afterEach(unmount);

interface Mounting {
  readonly b?: number | null;
  readonly width?: number;
}

async function mountLook(parameters = '', { b = 1, width = 1280 }: Mounting = {}): Promise<void> {
  await page.viewport(width, 900);
  fillDataset();
  fillModels();
  await fillDashboard({ b });
  await mountAt(`/dashboard?tab=look${parameters}`);
}

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role=grid] [role=row]')];
const cell = (row: number, name: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`[data-index="${row}"] [data-cell="${name}"]`);
  if (found === null) throw new Error(`There is no cell ${name} in row ${row}.`);
  return found;
};
const counted = (): string => byName('search [role=status]', /quer/).textContent;
const shown = (): Promise<HTMLElement> => eventually(() => cell(0, '0:0'));
const dialog = (): HTMLElement | null => document.querySelector<HTMLElement>('[role=dialog]');
const parameter = (name: string): string | null => new URLSearchParams(location.hash.split('?')[1]).get(name);

function choose(select: string, value: string): void {
  const element = byName('select', select);
  if (!(element instanceof HTMLSelectElement)) throw new Error(`${select} is no select.`);
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value')?.set?.call(element, value);
  element.dispatchEvent(new Event('change', { bubbles: true }));
}

function enter(field: string, text: string): void {
  const element = byName('input', field);
  element.focus();
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(element, text);
  element.dispatchEvent(new Event('input', { bubbles: true }));
  element.blur();
}

function outcomesOf(which: 'a' | 'b'): QueryOutcomes {
  const { outcomes, [which]: id } = workspace().dashboard.getState();
  const found = id === null ? undefined : outcomes.get(id);
  if (found === undefined) throw new Error(`Run ${which} has no outcomes.`);
  return found;
}

const howMany = (fits: (rankA: number, rankB: number) => boolean): number => {
  const b = outcomesOf('b').firstHitRank;
  return outcomesOf('a').firstHitRank.filter((rank, at) => fits(rank, b[at] ?? 0)).length;
};

describe('the rows', () => {
  test('show a query with the first ten neighbours of both runs, each with its verdict and similarity', async () => {
    await mountLook();
    await shown();
    expect(counted()).toBe('182 queries');
    const tiles = [...(rows()[0]?.querySelectorAll<HTMLElement>('[data-cell]') ?? [])];
    expect(tiles).toHaveLength(21);
    for (const tile of tiles.slice(1)) {
      const words = /^(A|B), rank \d+, class .+, (right|wrong) class, similarity \d\.\d\d, file .+$/.exec(
        tile.getAttribute('aria-label') ?? '',
      );
      expect(tile.dataset['verdict']).toBe(words?.[2]);
      const style = getComputedStyle(tile);
      expect(style.borderTopStyle).toBe(words?.[2] === 'right' ? 'solid' : 'dashed');
      expect(getComputedStyle(tile, '::before').backgroundImage).toContain('svg');
    }
    expect(cell(0, '0:0').getAttribute('aria-label')).toMatch(
      /^Query IMG_\d+\.jpg, class apple, first hit at rank \d+ in A, first hit at rank \d+ in B$/,
    );
  });

  test('say the rank of the first hit, and mark it there', async () => {
    await mountLook('&outcome=wrong&at=1&to=5', { b: null });
    await shown();
    const rank = Number(/First hit at rank (\d+)$/.exec(rows()[0]?.textContent ?? '')?.[1]);
    expect(rank).toBeGreaterThan(1);
    const verdicts = Array.from({ length: rank }, (_, at) => cell(0, `0:${at + 1}`).dataset['verdict']);
    expect(verdicts).toEqual([...Array.from({ length: rank - 1 }, () => 'wrong'), 'right']);
  });

  test('only those in sight are in the document', async () => {
    await mountLook();
    await shown();
    expect(rows().length).toBeLessThan(20);
    expect(byName('[role=grid]', 'Queries and their nearest images').getAttribute('aria-rowcount')).toBe('182');
  });

  test('queries without a label are shown without marks', async () => {
    await page.viewport(1280, 900);
    fillDataset();
    fillModels();
    workspace().dataset.setState(({ images }) => ({
      images: images.map((image) => (image.split === 'query' ? { ...image, className: null } : image)),
    }));
    await fillDashboard({ b: null });
    await mountAt('/dashboard?tab=look');
    await shown();
    expect(document.querySelectorAll('[data-verdict]')).toHaveLength(0);
    expect(rows()[0]?.textContent).toContain('Class unknown');
  });

  test('a similarity is seen on focus', async () => {
    await mountLook();
    await shown();
    const tile = cell(0, '0:1');
    const similarity = () => getComputedStyle(tile, '::after').content;
    expect(similarity()).toBe('none');
    cell(0, '0:0').focus();
    press('ArrowRight');
    await eventually(() => expect(document.activeElement).toBe(tile));
    expect(similarity()).toMatch(/\d\.\d\d/);
  });
});

describe('the filters', () => {
  test('narrow the list, say how many fit, and are part of the address', async () => {
    await mountLook();
    await shown();
    choose('Queries by outcome', 'a-only');
    choose('Right or failed among the first', '5');
    const fit = howMany((a, b) => a <= 5 && b > 5);
    expect(fit).toBeGreaterThan(0);
    await eventually(() => expect(counted()).toBe(`${fit} of 182 queries fit`));
    expect([parameter('outcome'), parameter('at')]).toEqual(['a-only', '5']);
    choose('Queries by outcome', 'b-only');
    await eventually(() => expect(counted()).toBe(`${howMany((a, b) => a > 5 && b <= 5)} of 182 queries fit`));
    byName('button', 'Show all').click();
    await eventually(() => expect(counted()).toBe('182 queries'));
    expect(parameter('outcome')).toBeNull();
  });

  test('by the rank of the first hit, in its order', async () => {
    await mountLook();
    await shown();
    enter('Rank of the first hit, from', '2');
    enter('Rank of the first hit, to', '30');
    choose('Order of the queries', 'hardest');
    await eventually(() => expect(counted()).toBe(`${howMany((a) => a >= 2 && a <= 30)} of 182 queries fit`));
    // The rows follow the words.
    await eventually(() => {
      const ranks = rows().map((row) => Number(/rank (\d+) in A/.exec(row.innerHTML)?.[1]));
      expect(ranks).toEqual([...ranks].sort((x, y) => y - x));
      expect(ranks[0]).toBeGreaterThan(ranks.at(-1) ?? 0);
    });
    enter('Rank of the first hit, to', 'many');
    await eventually(() => expect(document.body.textContent).toContain('A whole number from 1'));
  });

  test('the class comes from the address too, and after a reload everything is as before', async () => {
    await mountLook('&class=banana&neighbours=5&order=easiest');
    await shown();
    expect(rows().every((row) => row.textContent.includes('banana'))).toBe(true);
    expect(rows()[0]?.querySelectorAll('[data-cell]')).toHaveLength(11);
    const address = location.hash;
    const words = rows().map((row) => row.textContent);
    unmount();
    await mountLook(address.replace('#/dashboard?tab=look', ''));
    await shown();
    expect(rows().map((row) => row.textContent)).toEqual(words);
  });

  test('where none fits, it is said, with the way back', async () => {
    await mountLook('&from=9&to=3');
    await eventually(() => byName('main h2', 'No query fits'));
    expect(counted()).toBe('0 of 182 queries fit');
    byName('button', 'Show all queries').click();
    await shown();
  });

  test('of two runs ask nothing while there is one', async () => {
    await mountLook('&outcome=a-only', { b: null });
    await shown();
    expect(counted()).toBe('182 queries');
    expect(byName('select', 'Queries by outcome').textContent).not.toContain('B');
  });
});

describe('the keyboard', () => {
  test('has one tab stop, and reaches every query and neighbour, far beyond what is mounted', async () => {
    await mountLook();
    const first = await shown();
    expect(document.querySelectorAll('[role=gridcell][tabindex="0"]')).toHaveLength(1);
    first.focus();
    press('ArrowRight');
    press('ArrowDown');
    await eventually(() => expect(document.activeElement).toBe(cell(0, '1:1')));
    press('ArrowDown');
    await eventually(() => expect(document.activeElement).toBe(cell(1, '0:1')));
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', ctrlKey: true, bubbles: true }));
    await eventually(() => expect(document.activeElement).toBe(cell(181, '1:10')));
    const { top, bottom } = document.activeElement?.getBoundingClientRect() ?? { top: -1, bottom: 0 };
    expect(top).toBeGreaterThan(0);
    expect(bottom).toBeLessThan(900);
    expect(document.querySelectorAll('[role=gridcell][tabindex="0"]')).toHaveLength(1);
  });

  test('moving up, the row is not hidden under the tabs', async () => {
    await mountLook();
    (await shown()).focus();
    for (let step = 0; step < 3; step++) press('PageDown');
    await eventually(() => expect(document.activeElement).toBe(cell(15, '0:0')));
    press('PageUp');
    await eventually(() => expect(document.activeElement).toBe(cell(10, '0:0')));
    const tabs = document.querySelector('[role=tablist]')?.getBoundingClientRect().bottom ?? 0;
    expect(document.activeElement?.getBoundingClientRect().top).toBeGreaterThan(tabs);
  });
});

describe('an open query', () => {
  test('shows both rankings side by side with large pictures, and closes on Escape where it was opened', async () => {
    await mountLook();
    (await shown()).focus();
    press('ArrowDown');
    await eventually(() => expect(document.activeElement).toBe(cell(1, '0:0')));
    press('Enter');
    const opened = await eventually(() => byName('[role=dialog]', /Query 2 of 182/));
    expect(parameter('query')).toBe(fakeHash(0, 850));
    const [a, b] = [...opened.querySelectorAll('ol')];
    expect([a?.children.length, b?.children.length]).toEqual([10, 10]);
    expect(a?.getBoundingClientRect().top).toBe(b?.getBoundingClientRect().top);
    expect(a?.children[0]?.textContent).toMatch(/^1\d\.\d\d.+IMG_\d+\.jpg$/);
    expect(opened.textContent).not.toContain('Thumbnails:');
    await eventually(() => expect(opened.querySelectorAll('img').length).toBe(21));
    press('Escape');
    await eventually(() => expect(dialog()).toBeNull());
    expect(parameter('query')).toBeNull();
    await eventually(() => expect(document.activeElement).toBe(cell(1, '0:0')));
  });

  test('enlarges its neighbours beside it; Escape closes them one after the other', async () => {
    await mountLook();
    (await shown()).click();
    const opened = await eventually(() => byName('[role=dialog]', /Query 1 of 182/));
    const second = opened.querySelectorAll('ol')[1]?.querySelectorAll('button')[2];
    second?.focus();
    second?.click();
    await eventually(() => byName('[role=dialog]', /B, neighbour 3 of 10/));
    await eventually(() => expect(document.activeElement?.textContent).toContain('Search with it'));
    press('ArrowRight');
    const fourth = await eventually(() => byName('[role=dialog]', /B, neighbour 4 of 10/));
    expect(byName('[role=dialog]', /Query 1 of 182/)).toBe(opened);
    expect(fourth.querySelectorAll('figure')).toHaveLength(2);
    press('Escape');
    await eventually(() => expect(document.querySelectorAll('[role=dialog]')).toHaveLength(1));
    await eventually(() => expect(document.activeElement).toBe(second));
    press('ArrowRight');
    await eventually(() => byName('[role=dialog]', /Query 2 of 182/));
    press('Escape');
    await eventually(() => expect(dialog()).toBeNull());
  });

  test('a neighbour is searched with by the run that found it', async () => {
    await mountLook();
    fillSearch();
    (await shown()).click();
    const opened = await eventually(() => byName('[role=dialog]', /Query 1 of 182/));
    opened.querySelectorAll('ol')[1]?.querySelectorAll('button')[0]?.click();
    await eventually(() => byName('[role=dialog]', /B, neighbour 1 of 10/));
    await eventually(() => expect(document.activeElement?.textContent).toContain('Search with it'));
    const { b } = workspace().dashboard.getState();
    press('s');
    await eventually(() => expect(location.hash).toContain('#/search?'));
    expect(parameter('model')).toBe(b);
  });

  test('leads to the next and the previous one of those that fit, and back to the last one seen', async () => {
    await mountLook('&outcome=wrong');
    (await shown()).click();
    const total = howMany((a) => a > 1);
    await eventually(() => byName('[role=dialog]', new RegExp(`Query 1 of ${total}`)));
    const first = parameter('query');
    press('ArrowRight');
    press('ArrowRight');
    await eventually(() => byName('[role=dialog]', new RegExp(`Query 3 of ${total}`)));
    press('ArrowLeft');
    await eventually(() => byName('[role=dialog]', new RegExp(`Query 2 of ${total}`)));
    byName('button', 'Previous query').click();
    await eventually(() => expect(parameter('query')).toBe(first));
    byName('button', 'Previous query').click();
    expect(parameter('query')).toBe(first);
    byName('button', 'Next query').click();
    await eventually(() => byName('[role=dialog]', /Query 2 of/));
    history.back();
    await eventually(() => expect(dialog()).toBeNull());
    expect(parameter('outcome')).toBe('wrong');
    await eventually(() => expect(document.activeElement).toBe(cell(1, '0:0')));
  });

  test('comes from the address, also outside the filters, and is taken out of it when closed', async () => {
    const hash = fakeHash(35, 849 + 181);
    await mountLook(`&class=apple&query=${hash}`);
    await eventually(() => byName('[role=dialog]', /Query outside the filters/));
    byName('button', 'Close').click();
    await eventually(() => expect(dialog()).toBeNull());
    expect(parameter('query')).toBeNull();
    expect(parameter('class')).toBe('apple');
  });

  test('that the run was not asked is said', async () => {
    await mountLook(`&query=${'f'.repeat(64)}`);
    const notice = await eventually(() => byName('[role=status]', /not among the queries of this run/));
    notice.querySelector('button')?.click();
    await eventually(() => expect(parameter('query')).toBeNull());
  });

  test('two queries that show the same image are told apart', async () => {
    await page.viewport(1280, 900);
    fillDataset();
    fillModels();
    const hash = fakeHash(0, 849);
    workspace().dataset.setState(({ images }) => ({
      images: images.map((image, at) => (at === 849 + 1 ? { ...image, hash } : image)),
    }));
    await fillDashboard();
    await mountAt(`/dashboard?tab=look&query=${hash}`);
    await eventually(() => byName('[role=dialog]', /Query 1 of 182/));
    press('ArrowRight');
    await eventually(() => byName('[role=dialog]', /Query 2 of 182/));
    press('ArrowRight');
    await eventually(() => byName('[role=dialog]', /Query 3 of 182/));
  });

  test('says that thumbnails are shown while the files cannot be read', async () => {
    await mountLook(`&query=${fakeHash(0, 849)}`);
    workspace().dataset.setState({ files: 'gone' });
    await eventually(() =>
      expect(dialog()?.textContent).toContain('Thumbnails: open the folder again to see the photos themselves.'),
    );
  });

  test('goes on to the search screen with the query and the run', async () => {
    await mountLook(`&query=${fakeHash(0, 849)}`);
    fillSearch();
    const b = workspace().dashboard.getState().b;
    workspace().search.setState({ runId: workspace().comparison.getState().runs[0]?.id ?? null });
    (await eventually(() => byName('button', 'Search with this query by B'))).click();
    await eventually(() => expect(document.querySelector('main h1')?.textContent).toBe('Search'));
    await eventually(() => expect(called('searchHash')).toEqual([[fakeHash(0, 849), null]]));
    expect(called('searchWithRun')).toEqual([[b, undefined]]);
  });

  test('is one column in narrow windows', async () => {
    await mountLook(`&query=${fakeHash(0, 849)}`, { width: 390 });
    const opened = await eventually(() => byName('[role=dialog]', /Query 1 of 182/));
    const [a, b] = [...opened.querySelectorAll('ol')];
    expect(b?.getBoundingClientRect().top).toBeGreaterThan(a?.getBoundingClientRect().bottom ?? 0);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
  });
});

describe('without a violation of WCAG 2.2 AA', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      test.each(['', `&query=${fakeHash(0, 849)}`])(`${theme}, ${width} px, %s`, async (parameters) => {
        await mountLook(parameters, { width });
        settingsStore.setState({ theme });
        await shown();
        if (parameters !== '') await eventually(() => expect(dialog()).not.toBeNull());
        expect(await violations(dialog() ?? document.body)).toEqual([]);
      });
    }
  }
});
