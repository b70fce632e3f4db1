import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { fakeHash, fillDataset, fillModels, fillSearch } from './fake-state.ts';
import { workspace } from './fake-workspace.ts';
import { byName, called, eventually, mountAt, press, unmount } from './mount.tsx';

afterEach(unmount);

const tiles = (): HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>('[aria-label="Nearest gallery images"] button'),
];

async function mountAnswered(): Promise<void> {
  await page.viewport(1280, 800);
  fillDataset();
  fillModels();
  fillSearch();
  await mountAt('/search');
  await eventually(() => expect(tiles()).toHaveLength(10));
}

test('each neighbour says rank, class, verdict, similarity and file', async () => {
  await mountAnswered();
  const [first, , , fourth] = tiles();
  expect(first?.getAttribute('aria-label')).toMatch(
    /^Rank 1, class banana, right class, similarity 0\.91, file IMG_\d+\.jpg\. Enlarge it\.$/,
  );
  expect(fourth?.getAttribute('aria-label')).toContain('wrong class');
  expect(fourth?.dataset['verdict']).toBe('wrong');
  expect(document.body.textContent).toContain(
    'Embedded in 38 ms, searched 648 images in 0.42 ms by HNSW, recall@10 0.998 (exact: 2.1 ms).',
  );
  expect(document.body.textContent).toContain('8 of 10 neighbours are of this class');
});

test('arrow keys move the focus, one tab stop in all, and S searches with the image in focus', async () => {
  await mountAnswered();
  tiles()[0]?.focus();
  press('ArrowRight');
  press('ArrowRight');
  expect(document.activeElement).toBe(tiles()[2]);
  press('ArrowDown');
  const below = tiles().indexOf(document.activeElement as HTMLElement);
  expect(below).toBeGreaterThan(3);
  press('ArrowUp');
  press('End');
  expect(document.activeElement).toBe(tiles()[9]);
  press('Home');
  expect(document.activeElement).toBe(tiles()[0]);
  await eventually(() => expect(tiles().filter((tile) => tile.tabIndex === 0)).toEqual([tiles()[0]]));
  const hash = workspace().search.getState().neighbours[0]?.image.hash;
  press('s');
  expect(called('searchHash')).toEqual([[hash]]);
});

const dialog = (): HTMLElement | null => document.querySelector<HTMLElement>('[role=dialog]');

test('a neighbour is enlarged beside the query: arrows lead to the others, Escape back to the one shown last', async () => {
  await mountAnswered();
  // A button's own Enter is a click.
  tiles()[3]?.focus();
  tiles()[3]?.click();
  const opened = await eventually(() => byName('[role=dialog]', /Neighbour 4 of 10/));
  await eventually(() => expect([...opened.querySelectorAll('figure img')]).toHaveLength(2));
  expect([...opened.querySelectorAll('dl > *')].map((part) => part.textContent)).toEqual([
    'File',
    expect.stringMatching(/^IMG_\d+\.jpg$/),
    'Class',
    expect.any(String),
    'Rank',
    '4',
    'Similarity',
    expect.stringMatching(/^0\.\d\d$/),
  ]);
  await eventually(() => expect(document.activeElement?.textContent).toContain('Search with it'));
  press('ArrowRight');
  await eventually(() => byName('[role=dialog]', /Neighbour 5 of 10/));
  press('Home');
  press('ArrowLeft');
  await eventually(() => byName('[role=dialog]', /Neighbour 1 of 10/));
  expect(byName('button', 'Previous image').getAttribute('aria-disabled')).toBe('true');
  press('Escape');
  await eventually(() => expect(dialog()).toBeNull());
  expect(document.activeElement).toBe(tiles()[0]);
  // Escape closed the dialog, and did not go back to an earlier query.
  expect(workspace().search.getState().query).not.toBeNull();
});

test('an enlarged neighbour is searched with, by its button or its key', async () => {
  await mountAnswered();
  tiles()[4]?.click();
  await eventually(() => byName('[role=dialog]', /Neighbour 5 of 10/));
  await eventually(() => expect(document.activeElement?.textContent).toContain('Search with it'));
  const hash = workspace().search.getState().neighbours[4]?.image.hash;
  press('s');
  await eventually(() => expect(dialog()).toBeNull());
  expect(called('searchHash')).toEqual([[hash]]);
  await eventually(() => expect(document.activeElement).toBe(tiles()[0]));
});

test('a query becomes an address of its own, Escape goes back to the one before', async () => {
  await mountAnswered();
  const before = workspace().search.getState().query?.hash;
  await eventually(() => expect(location.hash).toContain(`query=${before}`));
  tiles()[4]?.focus();
  press('s');
  const after = workspace().search.getState().query?.hash;
  expect(after).not.toBe(before);
  await eventually(() => expect(location.hash).toBe(`#/search?query=${after}&model=resnet50.tv_in1k&k=10`));
  press('Escape');
  await eventually(() => expect(workspace().search.getState().query?.hash).toBe(before));
  expect(location.hash).toContain(`query=${before}`);
});

test('an address is followed when the screen opens, and one that cannot be had is taken back', async () => {
  fillDataset();
  fillModels();
  fillSearch();
  workspace().search.setState({ query: null, status: 'idle', neighbours: [], timing: null });
  const hash = fakeHash(0, 849);
  await mountAt(`/search?query=${hash}&model=colour-gradient&k=20`);
  await eventually(() => expect(workspace().search.getState().query?.hash).toBe(hash));
  expect(workspace().search.getState()).toMatchObject({ runId: 'colour-gradient', k: 20 });
  expect(location.hash).toBe(`#/search?query=${hash}&model=colour-gradient&k=20`);
  unmount();

  fillDataset();
  fillModels();
  fillSearch();
  workspace().search.setState({ query: null, status: 'idle', neighbours: [], timing: null });
  await mountAt(`/search?query=${'f'.repeat(64)}&model=none&k=7000`);
  await eventually(() => expect(location.hash).toBe('#/search?model=resnet50.tv_in1k&k=10'));
});

test('the query strip is virtualised and moves by arrow keys, far beyond what is mounted', async () => {
  await mountAnswered();
  const strip = byName('[role=toolbar]', '182 query images to search with');
  const mounted = strip.querySelectorAll('button');
  expect(mounted.length).toBeLessThan(60);
  mounted[0]?.focus();
  press('End');
  await eventually(() => expect(document.activeElement?.getAttribute('data-index')).toBe('181'));
  (document.activeElement as HTMLElement).click();
  expect(called('searchHash')).toHaveLength(1);
});

test('a pasted image is searched with', async () => {
  await mountAnswered();
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File(['x'], 'pasted.png', { type: 'image/png' }));
  dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }));
  expect(called('searchFile')).toHaveLength(1);
});

test('nothing embedded: the way to Models', async () => {
  fillDataset();
  fillModels();
  workspace().models.setState(({ rows }) => ({ rows: rows.map((row) => ({ ...row, embedded: 0 })) }));
  workspace().search.setState({ opening: false });
  await mountAt('/search');
  byName('main a', 'Go to Models').click();
  await eventually(() => expect(document.querySelector('main h1')?.textContent).toBe('Models'));
  expect(location.hash).toBe('#/models');
});

test('after a reload it does not say that nothing is embedded while the model is being opened', async () => {
  fillDataset();
  fillModels();
  const mounted = mountAt('/search');
  await eventually(() => byName('[role=status]', 'Loading'));
  expect(document.body.textContent).not.toContain('Nothing is embedded yet');
  fillSearch();
  await mounted;
  await eventually(() => expect(tiles()).toHaveLength(10));
});

test('a search that failed says why and can be tried again', async () => {
  await mountAnswered();
  workspace().search.setState({ status: 'failed', error: 'The search worker stopped.', neighbours: [] });
  const alert = await eventually(() => byName('[role=alert]', /The search worker stopped/));
  alert.querySelector('button')?.click();
  expect(called('searchHash')).toEqual([[workspace().search.getState().query?.hash, null]]);
});
