import { afterEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { showMap } from '../../../src/app/dashboard/draw-map.ts';
import type { CareReport } from '../../../src/app/dataset/care.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { fillDashboard, fillFeatures } from './fake-dashboard.ts';
import { fillDataset, fillModels, fillSearch } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

interface Place {
  readonly name: string;
  /** Opens the screen, and gives what has the focus when the keys are pressed. */
  readonly open: () => Promise<HTMLElement>;
  /** What Enter does, where it does not show the image large. */
  readonly enter?: 'searches' | 'presses a button beside it';
}

const find = (selector: string): Promise<HTMLElement> =>
  eventually(() => {
    const found = document.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`There is no ${selector}.`);
    return found;
  });

async function fill(): Promise<void> {
  fillDataset({ counts: { training: 60, query: 40, gallery: 80 } });
  fillModels();
  await fillDashboard();
}

async function openAt(address: string, before: () => void | Promise<void> = () => {}): Promise<void> {
  await page.viewport(1440, 1000);
  await fill();
  await before();
  await mountAt(address);
}

function fillCare(): void {
  const read = workspace()
    .dataset.getState()
    .images.flatMap((image) => (image.hash === null ? [] : [{ ...image, hash: image.hash }]));
  const [a, b] = read;
  if (!a || !b) throw new Error('There are too few images.');
  const pairs = [{ a, b, correlation: 0.99 }];
  const report: CareReport = { pairs, suspects: [], outliers: [], compared: 2, available: 2 };
  workspace().care.setState({ status: 'done', weightsId: null, report });
}

async function openMap(): Promise<HTMLElement> {
  await openAt('/dashboard?tab=map', async () => {
    await fillDashboard({ a: 0 });
    await fillFeatures();
    // Drawn before it is shown: nothing moves then.
    await showMap(workspace(), workspace().dashboard.getState().a ?? '');
  });
  const canvas = await eventually(() => byName('canvas', /^Map of /));
  // By keyboard: the point nearest to the middle is then described.
  byName('button', 'Show all points').focus();
  return canvas;
}

async function openLook(): Promise<void> {
  await openAt('/dashboard?tab=look');
}

const openSearch = () => openAt('/search', () => fillSearch());

/** Every place where images are shown. */
const places: readonly Place[] = [
  {
    name: 'data wall',
    open: async () => {
      await openAt('/data');
      return find('main button[data-path]');
    },
  },
  {
    name: 'what the check of the data finds',
    open: async () => {
      await openAt('/data', fillCare);
      (await eventually(() => byName('button', /^Check\s*$/))).click();
      return find('ul[aria-label="Near-duplicates"] button');
    },
  },
  {
    name: 'story of the demo, neighbours',
    open: async () => {
      await openAt('/data', () =>
        workspace().dataset.setState(({ dataset }) => ({ dataset: dataset && { ...dataset, demo: true } })),
      );
      return find('figure ol button');
    },
  },
  {
    name: 'search, neighbours',
    open: async () => {
      await openSearch();
      return find('[data-tile]');
    },
  },
  {
    name: 'search, queries to choose from',
    enter: 'searches',
    open: async () => {
      await openSearch();
      return find('[role=toolbar] button');
    },
  },
  {
    name: 'Look, queries',
    open: async () => {
      await openLook();
      return find('[data-index="0"] [data-cell="0:0"]');
    },
  },
  {
    name: 'Look, neighbours',
    open: async () => {
      await openLook();
      return find('[data-index="0"] [data-cell="1:2"]');
    },
  },
  {
    name: 'Look, neighbours of an open query',
    open: async () => {
      await openLook();
      (await find('[data-index="0"] [data-cell="0:0"]')).click();
      return find('[role=dialog] ol button');
    },
  },
  {
    name: 'Classes, neighbours of a class’s queries',
    open: async () => {
      await openAt('/dashboard?tab=classes');
      return find('[aria-labelledby=class-queries] ol button');
    },
  },
  {
    name: 'Classes, images of a cell of the confusion matrix',
    open: async () => {
      await openAt('/dashboard?tab=classes');
      (await find('[role=grid] td[data-filled]')).click();
      return find('[aria-labelledby=cell-queries] ol button');
    },
  },
  { name: 'map', open: openMap },
  {
    name: 'map, selection',
    open: async () => {
      await openMap();
      byName('button', /^Select \d+ images of apple/).click();
      return find('ul[aria-label="Selected images"] button');
    },
  },
  {
    name: 'enlarged image',
    enter: 'presses a button beside it',
    open: async () => {
      await openAt('/data');
      (await find('main button[data-path]')).focus();
      await userEvent.keyboard('{Enter}');
      return eventually(() => byName('[role=dialog] button', 'Search with it'));
    },
  },
];

const imagesNow = (): readonly ImageRecord[] => workspace().dataset.getState().images;

/** Opens the place anew, and presses a key on its image. */
async function pressOn({ open }: Place, key: string): Promise<void> {
  unmount();
  const image = await open();
  image.focus();
  await eventually(() => expect(document.activeElement).toBe(image));
  await userEvent.keyboard(key);
}

describe.each(places)('$name', (place) => {
  test('S searches with the image, X excludes it, C sets its class', async () => {
    await pressOn(place, 'x');
    const [[excluded]] = called('decide') as [[{ kind: string; paths: string[] }]];
    expect(excluded.kind).toBe('exclude');
    const image = imagesNow().find(({ path }) => path === excluded.paths[0]);
    expect(image).toBeDefined();

    await pressOn(place, 's');
    await eventually(() => {
      const [[hash] = [new URLSearchParams(location.hash.split('?')[1]).get('query')]] = called('searchHash');
      expect(hash).toBe(image?.hash);
    });
    expect(location.hash).toMatch(/^#\/search/);

    await pressOn(place, 'c');
    await eventually(() => expect(byName('input', 'Class')).toBe(document.activeElement));
    await userEvent.keyboard('quince{Enter}');
    expect(called('decide')).toEqual([[{ kind: 'class', paths: excluded.paths, className: 'quince' }]]);
  });
});

test('the map describes its middle to the keyboard in another window too', async () => {
  const canvas = await openMap();
  canvas.focus();
  const before = canvas.clientWidth / canvas.clientHeight;
  await page.viewport(1440, 500);
  await eventually(() => expect(canvas.clientWidth / canvas.clientHeight).toBeGreaterThan(before + 0.5));
  // A frame for the points' new places.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  expect(document.activeElement).toBe(canvas);
  await userEvent.keyboard('{Enter}');
  await find('[role=dialog] img');
});

test.each(places.filter(({ enter }) => enter === undefined))('$name: Enter shows the image large', async (place) => {
  await pressOn(place, '{Enter}');
  await find('[role=dialog] img');
});
