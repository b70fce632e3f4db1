import { afterEach, expect, test, vi } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { database } from '../../../src/app/context.ts';
import { cancelMap, redrawMap, showMap } from '../../../src/app/dashboard/draw-map.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { modelId, type Run, splitImages } from '../../../src/core/run.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { orderDigest, putEmbeddings } from '../../../src/storage/embeddings.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { fakeRun, frozen } from '../ui/fake-comparison.ts';

const D = 16;
const IMAGES = 240;
/** Take seconds to be laid out: what happens in the middle of it is not too late. */
const MANY = 2500;
const datasetId = `map-test-${crypto.randomUUID()}`;

/** Which images the runs have embedded; none where the weights are gone. */
let made: (weightsId: string) => Run | null = () => null;
vi.mock('../../../src/app/comparison/runs.ts', async (original) => ({
  ...(await original<typeof import('../../../src/app/comparison/runs.ts')>()),
  runOf: (choice: { members: readonly { weightsId: string }[] }) =>
    Promise.resolve(made(choice.members[0]?.weightsId ?? '')),
}));

const all = Array.from({ length: MANY }, (_, i): ImageRecord => {
  const file = `${i}.jpg`;
  const split = i % 2 === 0 ? 'training' : 'gallery';
  return {
    datasetId,
    path: `${split}/${file}`,
    split,
    file,
    className: 'a',
    bytes: 1,
    hash: file,
    width: 1,
    height: 1,
  };
});

let images = all.slice(0, IMAGES);

function run(weightsId: string): Run {
  const member = {
    weightsId,
    architecture: 'resnet50',
    featuresKey: weightsId,
    dimensions: D,
    head: 'frozen',
  } as const;
  return {
    datasetId,
    members: [member],
    combine: null,
    recipe: defaultRecipe('cosine'),
    loaded: null,
    rank: 'plain',
    images,
  };
}

async function fill(...names: readonly string[]): Promise<void> {
  made = (name) => (names.includes(name) ? run(name) : null);
  for (const [at, name] of names.entries()) {
    for (const split of ['training', 'gallery'] as const) {
      const hashes = splitImages(images, split).map(({ hash }) => hash);
      const matrix = clusters(hashes.length, D, { seed: at });
      const key = { datasetId, modelId: await modelId(run(name)), split };
      await putEmbeddings(database, key, await orderDigest(hashes), { matrix, dimensions: D });
    }
  }
  openedWorkspace().comparison.setState({
    runs: [...names, 'gone'].map((id) => ({ ...fakeRun({ members: [frozen(id)], top1: 0.5, mapAtR: 0.3 }), id })),
  });
}

const state = () => openedWorkspace().map.getState();

/** Resolves as soon as the map's state is that. */
function when(isThat: (now: ReturnType<typeof state>) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = openedWorkspace().map.subscribe((now) => {
      if (!isThat(now)) return;
      stop();
      resolve();
    });
  });
}

afterEach(() => {
  images = all.slice(0, IMAGES);
  cancelMap(openedWorkspace());
  openedWorkspace().map.setState(openedWorkspace().map.getInitialState(), true);
  jobs.store.setState(jobs.store.getInitialState(), true);
});

test('the components come first, then the map, which is kept by run and seed', async () => {
  await fill('one');
  const methods = new Set<string | undefined>();
  const stop = openedWorkspace().map.subscribe(({ layout }) => methods.add(layout?.method));
  await showMap(openedWorkspace(), 'one');
  stop();
  expect([...methods]).toEqual([undefined, 'pca', 'umap']);
  expect(state()).toMatchObject({
    status: 'done',
    runId: 'one',
    seed: 0,
    available: IMAGES,
    dimensions: D,
    stage: null,
  });
  const first = state().layout;
  expect(first?.coordinates).toHaveLength(2 * IMAGES);
  await redrawMap(openedWorkspace(), 'next-seed');
  expect(state()).toMatchObject({ status: 'done', seed: 1 });
  expect(state().layout).not.toEqual(first);
  await showMap(openedWorkspace(), 'one', 0);
  expect(state().layout).toBe(first);
  expect(jobs.store.getState()).toMatchObject({ running: [], failures: [] });
});

test('a cancelled map stays as far as it came, until it is asked for again', async () => {
  images = all;
  await fill('two');
  const begun = when(({ layout }) => layout !== null);
  const drawing = showMap(openedWorkspace(), 'two');
  await begun;
  cancelMap(openedWorkspace());
  await drawing;
  expect(state()).toMatchObject({ status: 'cancelled', layout: { settled: false } });
  expect(jobs.store.getState()).toMatchObject({ running: [], failures: [] });
  await showMap(openedWorkspace(), 'two');
  expect(state().status).toBe('cancelled');
  await redrawMap(openedWorkspace(), 'same-seed');
  expect(state()).toMatchObject({ status: 'done', layout: { method: 'umap', settled: true } });
});

test('the run chosen last is shown, whichever was started before', async () => {
  await fill('three', 'four');
  await Promise.all([showMap(openedWorkspace(), 'three'), showMap(openedWorkspace(), 'four')]);
  expect(state()).toMatchObject({ status: 'done', runId: 'four' });
  const begun = when(({ status }) => status === 'drawing');
  const drawing = showMap(openedWorkspace(), 'three', 5);
  await begun;
  await showMap(openedWorkspace(), 'four', 0);
  await drawing;
  expect(state()).toMatchObject({ status: 'done', runId: 'four', seed: 0 });
});

test('a run whose weights are gone says so', async () => {
  await fill('five');
  await showMap(openedWorkspace(), 'gone');
  expect(state()).toMatchObject({ status: 'failed', runId: 'gone' });
  expect(jobs.store.getState().failures[0]?.message).toContain('Embed them again on the models screen.');
});
