import { expect, onTestFinished, test, vi } from 'vitest';
import { clusters } from '../../../scripts/bench/clusters.ts';
import { database } from '../../../src/app/context.ts';
import { cancelMap, redrawMap, showMap } from '../../../src/app/dashboard/draw-map.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { modelId, type Run } from '../../../src/core/run.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { orderDigest, putEmbeddings } from '../../../src/storage/embeddings.ts';
import type { ImageRecord } from '../../../src/types.ts';
import { fakeRun, frozen } from '../ui/fake-comparison.ts';
import { seeWorkers } from '../workers/seen-workers.ts';

const workers = seeWorkers();
const D = 16;
const datasetId = `map-deaths-${crypto.randomUUID()}`;
const images = Array.from({ length: 400 }, (_, i): ImageRecord => {
  const names = { datasetId, path: `gallery/${i}.jpg`, file: `${i}.jpg`, hash: `${i}`, className: 'a' };
  return { ...names, split: 'gallery', bytes: 1, width: 1, height: 1 };
});
const member = { weightsId: 'one', architecture: 'resnet50', featuresKey: 'one', dimensions: D } as const;
const run: Run = {
  datasetId,
  members: [{ ...member, head: 'frozen' }],
  combine: null,
  recipe: defaultRecipe('cosine'),
  loaded: null,
  rank: 'plain',
  images,
};
vi.mock('../../../src/app/comparison/runs.ts', async (original) => ({
  ...(await original<typeof import('../../../src/app/comparison/runs.ts')>()),
  runOf: () => Promise.resolve(run),
}));

const state = () => openedWorkspace().map.getState();

/** Ends the map's worker in the middle of each of this many further layouts. */
function killInTheMiddle(times: number): void {
  let left = times;
  let killed = 0;
  const stop = openedWorkspace().map.subscribe(({ layout, status }) => {
    const made = workers.made('map');
    if (left === 0 || status !== 'drawing' || layout?.method !== 'umap' || made === killed) return;
    left--;
    killed = made;
    workers.kill('map');
  });
  onTestFinished(stop);
}

test('a map whose worker dies in the middle is drawn once more, to the very same map; one that dies again says so', async () => {
  const at = { datasetId, modelId: await modelId(run), split: 'gallery' } as const;
  const digest = await orderDigest(images.map(({ hash }) => hash ?? ''));
  await putEmbeddings(database, at, digest, { matrix: clusters(images.length, D), dimensions: D });
  openedWorkspace().comparison.setState({ runs: [fakeRun({ members: [frozen('one')], top1: 0.5, mapAtR: 0.3 })] });
  const [first] = openedWorkspace().comparison.getState().runs;
  const id = first?.id ?? '';
  await showMap(openedWorkspace(), id);
  const calm = state().layout;
  expect(calm).toMatchObject({ method: 'umap', settled: true });

  killInTheMiddle(1);
  const before = workers.made('map');
  await redrawMap(openedWorkspace(), 'next-seed');
  expect(state()).toMatchObject({ status: 'done', seed: 1, layout: { settled: true } });
  expect(workers.made('map')).toBe(before + 2);
  expect(jobs.store.getState()).toMatchObject({ running: [], failures: [] });

  killInTheMiddle(2);
  await redrawMap(openedWorkspace(), 'next-seed');
  expect(jobs.store.getState().failures.map(({ message }) => message)).toEqual([
    expect.stringContaining('background worker stopped'),
  ]);
  expect(jobs.store.getState().failures[0]?.remedy?.label).toBe('Try again');
  // What came before is kept: the map of the first seed is there at once.
  await showMap(openedWorkspace(), id, 0);
  expect(state()).toMatchObject({ status: 'done', layout: calm });
  cancelMap(openedWorkspace());
});
