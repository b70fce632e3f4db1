import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { BACKENDS } from '../../../src/search/backends.ts';
import { RANKINGS } from '../../../src/search/rankings.ts';
import { fakeHash, fillDataset, fillModels, fillSearch } from './fake-state.ts';
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
  // One quiet figure, its parts behind it.
  expect(document.body.textContent).toContain('38 ms');
  expect(document.body.textContent).not.toContain('searched 648 images');
  byName('button', 'What the time means').click();
  await eventually(() =>
    expect(document.body.textContent).toContain(
      'Embedded in 38 ms, searched 648 images in 0.42 ms by HNSW, recall@10 0.998 (exact: 2.1 ms).',
    ),
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

test('an enlarged neighbour says that it is a thumbnail where the files cannot be read, and only there', async () => {
  await mountAnswered();
  tiles()[3]?.click();
  const opened = await eventually(() => byName('[role=dialog]', /Neighbour 4 of 10/));
  const note = 'The thumbnail: open the folder again to see the photo itself.';
  expect(opened.textContent).not.toContain(note);
  for (const files of ['gone', 'locked'] as const) {
    workspace().dataset.setState({ files });
    await eventually(() => expect(opened.textContent).toContain(note));
    workspace().dataset.setState({ files: 'here' });
    await eventually(() => expect(opened.textContent).not.toContain(note));
  }
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

test('says what the query probably is, to those who do not see it too, and where that comes from', async () => {
  await mountAnswered();
  const sentence = (): string =>
    byName('[role=status]', /Probably|perhaps|none of the classes/).textContent.replaceAll('\u00a0', ' ');
  workspace().search.setState({
    answer: {
      by: 'head',
      guesses: [
        { className: 'Granny-Smith', share: 0.62 },
        { className: 'Golden-Delicious', share: 0.21 },
        { className: 'Pear', share: 0.04 },
      ],
      voters: 0,
    },
  });
  await eventually(() =>
    expect(sentence()).toBe(
      'Probably Granny-Smith (62 %), maybe Golden-Delicious (21 %)Class probabilities by the fine-tuned head.',
    ),
  );
  workspace().search.setState({ answer: { by: 'votes', guesses: [{ className: 'apple', share: 1 }], voters: 10 } });
  await eventually(() => expect(sentence()).toBe('Probably apple (100 %)Votes of the 10 nearest images.'));
});

test('neighbours of one class stand together, and arrow keys go through all of them', async () => {
  await mountAnswered();
  const neighbours = workspace().search.getState().neighbours;
  byName('label', 'Group by class').click();
  const headings = await eventually(() => {
    const found = [...document.querySelectorAll('main h3')].map((heading) => heading.textContent);
    expect(found.length).toBeGreaterThan(1);
    return found;
  });
  expect(headings[0]).toBe('banana8');
  const all = [...document.querySelectorAll<HTMLElement>('[data-tile]')];
  expect(all).toHaveLength(10);
  const ranks = all.map((tile) => Number(/^Rank (\d+)/.exec(tile.getAttribute('aria-label') ?? '')?.[1]));
  const classOf = (rank: number) => neighbours[rank - 1]?.image.className;
  // Each class once, its neighbours by rank.
  const classes = ranks.map(classOf);
  expect(classes.filter((name, i) => name !== classes[i - 1])).toHaveLength(new Set(classes).size);
  expect(ranks.slice(0, 8)).toEqual([...ranks.slice(0, 8)].sort((a, b) => a - b));
  all[7]?.focus();
  press('ArrowRight');
  expect(document.activeElement).toBe(all[8]);
  press('ArrowUp');
  expect(all.indexOf(document.activeElement as HTMLElement)).toBeLessThan(8);
});

test('the ranking is chosen beside the model, explained in two lines each, and class marked where validation says so', async () => {
  await mountAnswered();
  const choice = byName('select', 'Ranking') as HTMLSelectElement;
  // Without classes to train on there is nothing to rank by.
  workspace().search.setState({ rankable: false });
  await eventually(() => expect(choice.options[1]?.disabled).toBe(true));
  expect([...choice.options].map(({ disabled }) => disabled)).toEqual(RANKINGS.map(({ usesClasses }) => usesClasses));
  const scores = workspace().comparison.getState().runs[0]?.result.validation;
  if (scores === null || scores === undefined) throw new Error('The run is scored.');
  const trial = { queries: 84, scores: new Map([['plain', scores]] as const), classIsBetter: true };
  workspace().search.setState({ rankable: true, trial });
  await eventually(() => expect(choice.options[1]?.text).toBe('class (better on validation)'));
  expect([...choice.options].map(({ disabled }) => disabled)).not.toContain(true);
  choice.value = 'class';
  choice.dispatchEvent(new Event('change', { bubbles: true }));
  expect(called('setRank')).toEqual([['class']]);
  await eventually(() => expect(location.hash).toContain('rank=class'));
  byName('button', 'What the ranking means').click();
  await eventually(() => expect(document.body.textContent).toContain('On 84 validation images of training'));
  for (const { name, label } of RANKINGS) {
    const entry = [...document.querySelectorAll('dl > div')].find(
      (part) => part.querySelector('dt')?.textContent === label,
    );
    expect(entry?.querySelectorAll('dd').length).toBe(name === 'plain' ? 3 : 2);
  }
});

test('in an order by classes each neighbour says what put it there, and nothing moves when that is known', async () => {
  await mountAnswered();
  const height = () => document.documentElement.scrollHeight;
  expect(tiles()[0]?.textContent).not.toContain('same class');
  workspace().search.setState({ rank: 'class', reasons: new Map() });
  await eventually(() => expect(tiles()[0]?.textContent).toContain('\u00a0'));
  const before = height();
  const [first, second] = workspace().search.getState().neighbours;
  workspace().search.setState({
    reasons: new Map([
      [first?.image.path ?? '', { kind: 'agrees', share: 0.93 }],
      [second?.image.path ?? '', { kind: 'covers', className: 'kiwi' }],
    ]),
  });
  await eventually(() => expect(tiles()[0]?.textContent).toContain('same class 93\u00a0%'));
  expect(tiles()[0]?.getAttribute('aria-label')).toContain('93\u00a0% probably of the query’s class');
  expect(tiles()[1]?.textContent).toContain('stands for kiwi');
  expect(tiles()[1]?.getAttribute('aria-label')).toContain('stands for class kiwi');
  expect(height()).toBe(before);
});

test('the model menu has each model once with its score, the best first', async () => {
  await mountAnswered();
  const menu = byName('select', 'Model') as HTMLSelectElement;
  expect(menu.querySelector('optgroup')?.label).toBe('Top-10 on validation, in per cent');
  expect([...menu.options].map(({ text }) => text)).toEqual([
    expect.stringMatching(/^resnet50.*, frozen · top-10 \d+\.\d on validation$/),
    expect.stringMatching(/^colour-gradient, frozen · top-10 \d+\.\d on validation$/),
  ]);
});

test('a bare way to a query leads to the first one there is', async () => {
  fillDataset();
  fillModels();
  fillSearch();
  workspace().search.setState({ query: null, status: 'idle', neighbours: [], timing: null });
  await mountAt('/search?query=first');
  await eventually(() => expect(workspace().search.getState().query?.hash).toBe(fakeHash(0, 849)));
  expect(location.hash).toContain(`query=${fakeHash(0, 849)}`);
});

test('in a narrow window the query comes first, and no key is spoken of', async () => {
  await page.viewport(390, 844);
  fillDataset();
  fillModels();
  fillSearch();
  await mountAt('/search');
  await eventually(() => expect(tiles()).toHaveLength(10));
  const top = (element: Element | null) => element?.getBoundingClientRect().top ?? Number.NaN;
  const query = top(byName('h2', 'Query'));
  expect(query).toBeLessThan(top(document.querySelector('[role=toolbar]')));
  expect(query).toBeLessThan(top(document.querySelector('summary')));
  await eventually(() => expect(document.querySelector('main img[alt^=Query]')).not.toBeNull());
  expect(top(document.querySelector('main img[alt^=Query]'))).toBeLessThan(844 / 2);
  expect([...document.querySelectorAll<HTMLElement>('kbd')].filter((key) => key.offsetParent !== null)).toEqual([]);
});

test('a wide window has the likely classes and the rankings beside the neighbours', async () => {
  await page.viewport(2560, 1300);
  fillDataset();
  fillModels();
  fillSearch();
  workspace().search.setState({ answer: { by: 'votes', guesses: [{ className: 'apple', share: 1 }], voters: 10 } });
  await mountAt('/search');
  await eventually(() => byName('h2', 'Votes'));
  byName('h2', 'Ranking');
});

test('a neighbour is given a class or excluded, by the same keys in the list and enlarged', async () => {
  await mountAnswered();
  const path = (at: number) => workspace().search.getState().neighbours[at]?.image.path;
  tiles()[2]?.focus();
  press('x');
  expect(called('decide')).toEqual([[{ kind: 'exclude', paths: [path(2)] }]]);
  tiles()[3]?.focus();
  press('c');
  await eventually(() => byName('[role=dialog]', /Neighbour 4 of 10/));
  const field = await eventually(() => byName('input', 'Class'));
  await eventually(() => expect(document.activeElement).toBe(field));
  // What is typed there is a name, and no key.
  press('x');
  press('ArrowRight');
  byName('[role=dialog]', /Neighbour 4 of 10/);
  byName('[role=dialog] button', 'banana').click();
  expect(called('decide')).toHaveLength(2);
  expect(called('decide')[1]).toEqual([{ kind: 'class', paths: [path(3)], className: 'banana' }]);
  // The answer comes again, and the image is another neighbour of it: it stays enlarged.
  workspace().search.setState(({ neighbours }) => {
    const [first, second, third, fourth, ...others] = neighbours;
    if (!first || !second || !third || !fourth) throw new Error('There are ten.');
    const mended = { ...fourth, image: { ...fourth.image, className: 'banana' } };
    return { neighbours: [first, mended, second, third, ...others].map((one, at) => ({ ...one, rank: at + 1 })) };
  });
  await eventually(() => expect(byName('[role=dialog]', /Neighbour 2 of 10/).textContent).toContain('Classbanana'));
  // Another query closes it.
  const other = workspace().search.getState().neighbours[5]?.image;
  if (!other?.hash) throw new Error('It was read.');
  workspace().search.setState({ query: { hash: other.hash, name: other.path, image: other, crop: null } });
  await eventually(() => expect(document.querySelector('[role=dialog]')).toBeNull());
});

test('a query becomes an address of its own, Escape goes back to the one before', async () => {
  await mountAnswered();
  const before = workspace().search.getState().query?.hash;
  await eventually(() => expect(location.hash).toContain(`query=${before}`));
  tiles()[4]?.focus();
  press('s');
  const after = workspace().search.getState().query?.hash;
  expect(after).not.toBe(before);
  await eventually(() => expect(location.hash).toBe(`#/search?query=${after}&model=resnet50.tv_in1k%3Afrozen&k=10`));
  press('Escape');
  await eventually(() => expect(workspace().search.getState().query?.hash).toBe(before));
  expect(location.hash).toContain(`query=${before}`);
});

test('an address is followed when the screen opens, and one that cannot be followed is taken back', async () => {
  fillDataset();
  fillModels();
  fillSearch();
  workspace().search.setState({ query: null, status: 'idle', neighbours: [], timing: null });
  const hash = fakeHash(0, 849);
  await mountAt(`/search?query=${hash}&model=colour-gradient%3Afrozen&k=20`);
  await eventually(() => expect(workspace().search.getState().query?.hash).toBe(hash));
  expect(workspace().search.getState()).toMatchObject({ runId: 'colour-gradient:frozen', k: 20 });
  expect(location.hash).toBe(`#/search?query=${hash}&model=colour-gradient%3Afrozen&k=20`);
  unmount();

  fillDataset();
  fillModels();
  fillSearch();
  workspace().search.setState({ query: null, status: 'idle', neighbours: [], timing: null });
  await mountAt(`/search?query=${'f'.repeat(64)}&model=none&k=7000`);
  await eventually(() => expect(location.hash).toBe('#/search?model=resnet50.tv_in1k%3Afrozen&k=10'));
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

test('a search that failed for want of weights has the button that brings them, and no other', async () => {
  await mountAnswered();
  const run = vi.fn();
  const remedy = { label: 'Download ResNet-50', run };
  workspace().search.setState({ status: 'failed', error: 'This needs weights.', remedy, neighbours: [] });
  const alert = await eventually(() => byName('[role=alert]', /This needs weights/));
  expect([...alert.querySelectorAll('button')].map(({ textContent }) => textContent)).toEqual(['Download ResNet-50']);
  alert.querySelector('button')?.click();
  expect(run).toHaveBeenCalledTimes(1);
});

test('a search that failed says why and can be tried again', async () => {
  await mountAnswered();
  workspace().search.setState({ status: 'failed', error: 'The search worker stopped.', neighbours: [] });
  const alert = await eventually(() => byName('[role=alert]', /The search worker stopped/));
  const name = workspace().search.getState().query?.name.split('/').at(-1);
  expect(alert.querySelector('button')?.textContent).toBe(`Search again with ${name}`);
  // As it is seen: a space at the end of a flex item is none.
  expect(alert.querySelector('button')?.innerText).toBe(`Search again with ${name}`);
  alert.querySelector('button')?.click();
  expect(called('searchHash')).toEqual([[workspace().search.getState().query?.hash, null]]);
});

test('a query that is refused is said above the answer of the one before', async () => {
  await mountAnswered();
  const [first] = tiles();
  workspace().search.setState({ status: 'failed', error: '“a.jpg” cannot be the query.' });
  const alert = await eventually(() => byName('[role=alert]', /cannot be the query/));
  expect(tiles()).toHaveLength(10);
  expect(tiles()[0]).toBe(first);
  expect(alert.compareDocumentPosition(tiles()[0] ?? alert)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
});

const COLLECTION = {
  digest: 'd'.repeat(64),
  dimensions: 512,
  architecture: 'vit_base_patch16_224',
  weights: 'vit_base_patch16_224.augreg2_in21k_ft_in1k',
  indexed: true,
  rows: 100_000,
};

test('where the server has a gallery it can be chosen, which is said, and left where it does not answer', async () => {
  await mountAnswered();
  expect(called('lookForServerGallery')).toEqual([[]]);
  const index = () => byName('select', 'Index') as HTMLSelectElement;
  expect([...index().options].map(({ text }) => text)).toEqual([
    'Automatic',
    ...BACKENDS.map(({ label }) => label.charAt(0).toUpperCase() + label.slice(1)),
  ]);
  workspace().search.setState({ server: { chosen: false, collection: null, recall: null } });
  await eventually(() => expect([...index().options].map(({ text }) => text)).toContain('The server’s gallery'));
  expect(document.body.textContent).not.toContain('Query vectors go to the server');

  index().value = 'server';
  index().dispatchEvent(new Event('change', { bubbles: true }));
  expect(called('searchServerGallery')).toEqual([[]]);
  await eventually(() =>
    expect(document.body.textContent).toContain('Query vectors go to the server that you started'),
  );
  expect((byName('select', 'Ranking') as HTMLSelectElement).disabled).toBe(false);

  const server = { chosen: true, collection: COLLECTION, recall: { at10: 0.998, queries: 50 } };
  const { neighbours } = workspace().search.getState();
  const thumbnail = URL.createObjectURL(new Blob());
  workspace().search.setState({
    server,
    neighbours: neighbours.map((one) => ({ ...one, thumbnail })),
    timing: { embedMs: 38, searchMs: 4, galleryImages: 100_000, index: 'engine' },
  });
  const shown = await eventually(() => byName('section', 'The server’s gallery'));
  await eventually(() => expect(shown.textContent).toContain('vit_base_patch16_224, about 100,000 images'));
  expect(shown.textContent).toContain('Recall@10 0.998 against exact search, by 50 queries.');
  expect(tiles()[0]?.querySelector('img')?.getAttribute('src')).toBe(thumbnail);
  byName('button', 'Measure recall').click();
  expect(called('measureServerRecall')).toEqual([[]]);
  byName('button', 'Take along').click();
  expect(called('takeAlong')).toEqual([['first', 500]]);
  // There is no file of it here: nothing can be searched with, and nothing decided.
  tiles()[0]?.focus();
  press('s');
  expect(called('searchHash')).toEqual([]);

  workspace().search.setState({ status: 'failed', error: 'The server’s gallery does not answer.', neighbours: [] });
  const alert = await eventually(() => byName('[role=alert]', /does not answer/));
  [...alert.querySelectorAll('button')].at(-1)?.click();
  expect(called('setIndex')).toEqual([[workspace().search.getState().indexChoice]]);
  await eventually(() => expect(document.querySelector('section[aria-label="The server’s gallery"]')).toBeNull());
});
