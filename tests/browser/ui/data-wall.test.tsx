import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { decisionSentence } from '../../../src/ui/data/DecisionBar.tsx';
import { fillDataset, fillModels } from './fake-state.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

const NOTHING_CHOSEN = {
  roles: [],
  namesAsClasses: [],
  mergedClasses: [],
  classesByHand: [],
  clusteredBy: [],
  excluded: [],
  listedRoles: [],
  tableFirst: false,
  innermost: false,
};

const tiles = () => [...document.querySelectorAll<HTMLButtonElement>('main button[data-path]')];
const selected = () => tiles().flatMap((tile) => (tile.ariaPressed === 'true' ? [tile.dataset.path] : []));

async function openWall(): Promise<HTMLButtonElement[]> {
  await page.viewport(1200, 1000);
  fillDataset({ counts: { training: 60, query: 6, gallery: 6 } });
  await mountAt('/data');
  return eventually(() => {
    expect(tiles().length).toBeGreaterThan(8);
    return tiles();
  });
}

test('images without any class: one press embeds them with what is there, and leads to their map', async () => {
  await page.viewport(1200, 900);
  fillDataset({ counts: { training: 0, query: 0, gallery: 40 } });
  fillModels();
  workspace().dataset.setState(({ images }) => ({ images: images.map((image) => ({ ...image, className: null })) }));
  await mountAt('/data');
  await eventually(() => byName('h2', '40 images without classes'));
  byName('button', 'Show the map').click();
  await eventually(() => expect(location.hash).toBe('#/dashboard?tab=map'));
  expect(called('embed')).toHaveLength(1);
});

test('images are selected by presses, with Shift as far as there, and get a class', async () => {
  const [first, , third] = await openWall();
  if (!first || !third) throw new Error('There are too few tiles.');
  await userEvent.click(first);
  await userEvent.keyboard('{Shift>}');
  await userEvent.click(third);
  await userEvent.keyboard('{/Shift}');
  const paths = tiles()
    .slice(0, 3)
    .map(({ dataset }) => dataset.path ?? '');
  await eventually(() => expect(selected().sort()).toEqual([...paths].sort()));
  await userEvent.click(byName('button', 'Class…'));
  await eventually(() => expect(byName('input', 'Class')).toBe(document.activeElement));
  await userEvent.keyboard('quince{Enter}');
  const [[choice]] = called('decide') as [[{ kind: string; paths: string[]; className: string }]];
  expect(choice).toMatchObject({ kind: 'class', className: 'quince' });
  expect([...choice.paths].sort()).toEqual([...paths].sort());
  await eventually(() => expect(selected()).toEqual([]));
});

test('by keyboard alone: arrows, Space, C and X', async () => {
  const [first] = await openWall();
  first?.focus();
  await userEvent.keyboard(' {ArrowRight} ');
  await eventually(() => expect(selected()).toHaveLength(2));
  expect((document.activeElement as HTMLElement).dataset.path).toBe(tiles()[1]?.dataset.path);
  await userEvent.keyboard('c');
  await eventually(() => expect(byName('input', 'Class')).toBe(document.activeElement));
  await userEvent.keyboard('{Escape}');
  await eventually(() => expect(document.querySelector('[aria-label="Classes"]')).toBeNull());
  tiles()[0]?.focus();
  await userEvent.keyboard('x');
  expect(called('decide')).toMatchObject([[{ kind: 'exclude', paths: { length: 2 } }]]);
});

test('arrow keys reach images that are not in the document yet', async () => {
  const [first] = await openWall();
  first?.focus();
  await userEvent.keyboard('{End}');
  const last = workspace()
    .dataset.getState()
    .images.findLast(({ split }) => split === 'training');
  await eventually(() => expect((document.activeElement as HTMLElement).dataset.path).toBeTruthy());
  await eventually(() => {
    const all = tiles();
    expect(document.activeElement).toBe(all.at(-1));
  });
  expect(last?.className).toBeTruthy();
});

test('an image is enlarged, and goes from there to what can be done with it', async () => {
  const [first] = await openWall();
  first?.focus();
  await userEvent.keyboard('{Enter}');
  await eventually(() => byName('button', 'Exclude it'));
  await userEvent.keyboard('x');
  expect(called('decide')).toEqual([[{ kind: 'exclude', paths: [first?.dataset.path] }]]);
});

test('what was decided last is said, and undone', async () => {
  await openWall();
  const choice = { kind: 'class', paths: ['a', 'b'], className: 'kiwi' } as const;
  const before = NOTHING_CHOSEN;
  workspace().dataset.setState({ decisions: [{ choice, before }] });
  await eventually(() => expect(document.body.textContent).toContain('2 images are of “kiwi” now.'));
  byName('button', 'Undo').click();
  expect(called('undoDecision')).toHaveLength(1);
  expect(decisionSentence({ kind: 'exclude', paths: ['a'] })).toMatch(/^1 image is excluded/);
});

test('what is left out has a place of its own, from which it comes back', async () => {
  await openWall();
  const [gone] = workspace().dataset.getState().images;
  if (!gone) throw new Error('There is no image.');
  workspace().dataset.setState({ excluded: [gone] });
  const tab = await eventually(() => byName('button', 'Left out 1'));
  tab.click();
  await eventually(() => expect(tiles()).toHaveLength(1));
  await userEvent.click(tiles()[0] as HTMLElement);
  byName('button', 'Include again').click();
  expect(called('decide')).toEqual([[{ kind: 'include', paths: [gone.path] }]]);
});

const pathInFocus = () =>
  document.activeElement instanceof HTMLElement ? document.activeElement.dataset['path'] : null;

/** What the last decision leaves out leaves the wall, a moment later as in the app. */
function leaveOut(path: string | undefined): void {
  workspace().dataset.setState(({ images }) => ({ images: images.filter((image) => image.path !== path) }));
}

test('Enter and Space on a class’s button select the class, and do nothing else', async () => {
  for (const key of ['{Enter}', ' ']) {
    await openWall();
    const row = [...document.querySelectorAll('main ul:has([data-path])')].find(({ children }) => children.length > 1);
    const button = row?.parentElement?.previousElementSibling?.querySelector('button');
    if (!row || !button) throw new Error('No class has several images.');
    button.focus();
    await userEvent.keyboard(key);
    await eventually(() => expect(selected()).toHaveLength(row.children.length));
    expect(document.querySelector('[role=dialog]')).toBeNull();
    expect(document.activeElement).toBe(button);
    unmount();
  }
});

test('without a selection, X on a class’s button excludes nothing', async () => {
  await openWall();
  byName('main button', /^Select all of/).focus();
  await userEvent.keyboard('x');
  expect(called('decide')).toEqual([]);
});

test('images are excluded one after the other by keys alone', async () => {
  const before = (await openWall()).map(({ dataset }) => dataset['path']);
  tiles()[0]?.focus();
  for (const at of [0, 1, 2, 3]) {
    await userEvent.keyboard('x');
    expect(called('decide').at(-1)).toEqual([{ kind: 'exclude', paths: [before[at]] }]);
    leaveOut(before[at]);
    await eventually(() => expect(tiles()[0]?.dataset['path']).toBe(before[at + 1]));
    await eventually(() => expect(pathInFocus()).toBe(before[at + 1]));
  }
});

test('after a class is given, the keys go on with the next image', async () => {
  const [first, second] = await openWall();
  first?.focus();
  await userEvent.keyboard('c');
  await eventually(() => expect(byName('input', 'Class')).toBe(document.activeElement));
  await userEvent.keyboard('quince{Enter}');
  expect(called('decide')).toHaveLength(1);
  await eventually(() => expect(pathInFocus()).toBe(second?.dataset['path']));
});

test('an image that goes to another row keeps the focus', async () => {
  const before = (await openWall()).map(({ dataset }) => dataset['path']);
  const second = document.querySelectorAll('main ul:has([data-path])')[1]?.querySelector<HTMLElement>('[data-path]');
  if (!second) throw new Error('There is no second row.');
  second.focus();
  const path = second.dataset['path'];
  leaveOut(before[0]);
  await eventually(() => expect(tiles()[0]?.dataset['path']).toBe(before[1]));
  await eventually(() => expect(pathInFocus()).toBe(path));
});

test('after the last Undo the focus stays where the button was', async () => {
  await openWall();
  const choice = { kind: 'exclude', paths: ['a'] } as const;
  const before = NOTHING_CHOSEN;
  workspace().dataset.setState({ decisions: [{ choice, before }] });
  (await eventually(() => byName('button', 'Undo'))).focus();
  await userEvent.keyboard('{Enter}');
  workspace().dataset.setState({ decisions: [] });
  await eventually(() => expect(document.body.textContent).not.toContain('Undo'));
  await eventually(() => expect(document.querySelector('main')?.contains(document.activeElement)).toBe(true));
});
