import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { deleteDataset } from '../../../src/app/dataset/datasets.ts';
import { addFiles } from '../../../src/app/dataset/open.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { embed } from '../../../src/app/models/embed.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { clearQuery, searchFile, searchHash } from '../../../src/app/search/query.ts';
import { setK } from '../../../src/app/search/search-preferences.ts';

followChanges();
followOpened();

/** Noise in which nothing repeats: it takes long to decode, and is large. */
async function photo(name: string, width: number, height: number): Promise<File> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws on no canvas.');
  const tile = context.createImageData(250, 250);
  for (let i = 0; i < tile.data.length; i++) tile.data[i] = i % 4 === 3 ? 255 : (i * 7919 + (i >> 5) * 104_729) % 256;
  for (let x = 0; x < width; x += 250) for (let y = 0; y < height; y += 250) context.putImageData(tile, x, y);
  return new File([await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })], name);
}

async function pickedFiles(): Promise<File[]> {
  return Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      const canvas = new OffscreenCanvas(32, 32);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('This browser draws on no canvas.');
      context.fillStyle = `rgb(${i * 30} ${255 - i * 30} ${(i * 70) % 256})`;
      context.fillRect(0, 0, 32, 32);
      const file = new File([await canvas.convertToBlob()], `${i}.png`);
      const split = i < 2 ? 'test/query' : 'test/gallery';
      return Object.defineProperty(file, 'webkitRelativePath', { value: `raced/${split}/kind ${i % 2}/${i}.png` });
    }),
  );
}

let large: File;
let small: File;
/** Every query that was shown as answered or refused, in order. */
let shown: string[] = [];
const damaged = (name: string) => new File(['no picture'], name);

beforeAll(async () => {
  vi.stubGlobal('Worker', HeldWorker);
  large = await photo('large.jpg', 6000, 4000);
  small = await photo('small.jpg', 250, 250);
  await addFiles(await pickedFiles());
  expect(await embed(openedWorkspace(), ['colour-gradient'])).toBe(true);
  expect(jobs.store.getState().failures).toEqual([]);
});

afterAll(async () => {
  // It is remembered, and other files of this browser expect what an app begins with.
  await setK(openedWorkspace(), 10);
  const { dataset } = openedWorkspace().dataset.getState();
  if (dataset) await deleteDataset(openedWorkspace(), dataset.id);
});

beforeEach(() => {
  clearQuery(openedWorkspace());
  shown = [];
  return openedWorkspace().search.subscribe(({ status, query, error }, before) => {
    if (status === before.status || (status !== 'done' && status !== 'failed')) return;
    shown.push(status === 'done' ? (query?.name ?? '') : (error ?? ''));
  });
});

/** Calls of image workers, while they wait. */
const held: (() => void)[] = [];
let holds = false;

/** The app's workers. Those that read images may be held up: a large photo is read late, however fast the machine is. */
class HeldWorker extends Worker {
  readonly #reads: boolean;
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    this.#reads = options?.name === 'image';
  }
  override postMessage(message: unknown, transfer?: Transferable[] | StructuredSerializeOptions): void {
    const post = () => super.postMessage(message, Array.isArray(transfer) ? { transfer } : transfer);
    if (holds && this.#reads) held.push(post);
    else post();
  }
}

/** What the screen says when all that was asked has ended: each after the one before has begun, and the last before any image is read. */
async function asked(...queries: readonly (() => Promise<void>)[]) {
  const ended: Promise<void>[] = [];
  for (const [at, query] of queries.entries()) {
    holds = at < queries.length - 1;
    ended.push(query());
    if (holds) await expect.poll(() => held.length).toBeGreaterThan(0);
  }
  for (const post of held.splice(0)) post();
  await Promise.all(ended);
  return openedWorkspace().search.getState();
}

test('a small photo that is dropped after one of 24 megapixels is what is answered', async () => {
  const state = await asked(
    () => searchFile(openedWorkspace(), large),
    () => searchFile(openedWorkspace(), small),
  );
  expect(state).toMatchObject({ status: 'done', error: null, query: { name: 'small.jpg' } });
  const answer = state.neighbours.map(({ image, similarity }) => [image.path, similarity]);
  expect(shown).toEqual(['small.jpg']);
  // And the answer is its own.
  clearQuery(openedWorkspace());
  await searchFile(openedWorkspace(), small);
  expect(
    openedWorkspace()
      .search.getState()
      .neighbours.map(({ image, similarity }) => [image.path, similarity]),
  ).toEqual(answer);
});

test('the error of the newest query stays when an earlier one is answered', async () => {
  const state = await asked(
    () => searchFile(openedWorkspace(), large),
    () => searchFile(openedWorkspace(), damaged('newest.jpg')),
  );
  expect(state).toMatchObject({ status: 'failed', neighbours: [], error: expect.stringContaining('Choose another') });
  expect(shown).toHaveLength(1);
});

test('a file that is no picture leaves the query and its answer as they are', async () => {
  await searchFile(openedWorkspace(), small);
  const before = openedWorkspace().search.getState();
  expect(before.neighbours.length).toBeGreaterThan(0);
  await searchFile(openedWorkspace(), damaged('first.jpg'));
  await searchFile(openedWorkspace(), damaged('second.jpg'));
  const { status, error, ...after } = openedWorkspace().search.getState();
  expect([status, error]).toEqual(['failed', expect.stringContaining('“second.jpg” cannot be the query')]);
  expect(after).toMatchObject({ query: before.query, neighbours: before.neighbours, answer: before.answer });
});

test('the error of an earlier query does not replace the newest answer', async () => {
  const bytes = new Uint8Array(await large.arrayBuffer());
  // Its end is gone: that is noticed late.
  const cut = new File([bytes.subarray(0, bytes.length >> 1)], 'cut.jpg');
  await searchFile(openedWorkspace(), cut);
  expect(openedWorkspace().search.getState().status).toBe('failed');
  shown = [];
  const hash =
    openedWorkspace()
      .dataset.getState()
      .images.find(({ split }) => split === 'query')?.hash ?? '';
  const state = await asked(
    () => searchFile(openedWorkspace(), cut),
    () => searchHash(openedWorkspace(), hash),
  );
  expect(state).toMatchObject({ status: 'done', error: null, query: { hash } });
  expect(shown).toEqual([state.query?.name]);
});

test('another k does not keep a photo that is still being read from its answer', async () => {
  const hash =
    openedWorkspace()
      .dataset.getState()
      .images.find(({ split }) => split === 'query')?.hash ?? '';
  await searchHash(openedWorkspace(), hash);
  const state = await asked(
    () => searchFile(openedWorkspace(), large),
    () => setK(openedWorkspace(), 3),
  );
  expect(state).toMatchObject({ status: 'done', query: { name: 'large.jpg' } });
  expect(state.neighbours).toHaveLength(3);
});
