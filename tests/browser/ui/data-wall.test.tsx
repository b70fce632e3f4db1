import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { decisionSentence } from '../../../src/ui/data/DecisionBar.tsx';
import { fillDataset, fillModels } from './fake-state.ts';
import { workspace } from './fake-workspace.ts';
import { byName, called, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

const tiles = () => [...document.querySelectorAll<HTMLButtonElement>('main button[data-path]')];
const selected = () => tiles().flatMap((tile) => (tile.ariaPressed === 'true' ? [tile.dataset.path] : []));

async function openWall(): Promise<HTMLButtonElement[]> {
  await page.viewport(1200, 900);
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
  const before = {
    roles: [],
    namesAsClasses: [],
    mergedClasses: [],
    classesByHand: [],
    excluded: [],
    listedRoles: [],
    tableFirst: false,
    innermost: false,
  };
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
