import { afterEach, expect, test } from 'vitest';
import { possibleRuns, refreshComparison, tickEmbedded } from '../../../src/app/comparison/plan.ts';
import { frozenChoice, runId, type StoredRun, subjectDigest } from '../../../src/app/comparison/runs.ts';
import { context, database } from '../../../src/app/context.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { ownVectorsKey, ownWeights } from '../../../src/models/own-vectors.ts';
import { putFeatures } from '../../../src/storage/features.ts';
import { putRun } from '../../../src/storage/runs.ts';
import type { Split } from '../../../src/types.ts';
import { fakeRun, frozen } from '../ui/fake-comparison.ts';
import { emptyStores, fillDataset } from '../ui/fake-state.ts';

afterEach(emptyStores);

const cosine = defaultRecipe('cosine');

/** Vectors of the images of these splits, imported; resolves to the id of their weights. */
async function imported(name: string, splits: readonly Split[]): Promise<string> {
  const vectors = { name, sha256: name.charCodeAt(0).toString(16).padEnd(64, '0'), dimensions: 2 };
  const { images } = openedWorkspace().dataset.getState();
  const hashes = new Set(images.flatMap(({ split, hash }) => (splits.includes(split) && hash !== null ? [hash] : [])));
  const rows = [...hashes].map((hash) => ({ hash, features: Float32Array.of(1, 2) }));
  await putFeatures(database, ownVectorsKey(vectors), rows);
  context.weights.bring(vectors);
  return ownWeights(vectors).id;
}

test('vectors of no training images are neither ticked to be fine-tuned nor run so; others are', async () => {
  fillDataset({ counts: { training: 60, query: 20, gallery: 20 } });
  const workspace = openedWorkspace();
  const { dataset, images } = workspace.dataset.getState();
  const [without, whole] = [
    await imported('a', ['query', 'gallery']),
    await imported('b', ['training', 'query', 'gallery']),
  ];
  const subject = await subjectDigest(images);
  for (const id of [without, whole]) {
    const choice = frozenChoice(id, cosine);
    const { result } = fakeRun({ members: [frozen(id)], top1: 0.5, mapAtR: 0.5 });
    const run: StoredRun = { subject, madeAt: 0, choice, colour: 0, imagesPerSecond: null, result };
    await putRun(database, dataset?.id ?? '', runId(choice), run, { test: null, validation: null });
  }
  const single = (id: string) => workspace.comparison.getState().singles.find(({ weightsId }) => weightsId === id);

  // In a plan that was never touched, what has its frozen run is ticked.
  await refreshComparison(workspace);
  expect(workspace.comparison.getState().frozenOnly).toEqual([without]);
  expect(single(without)).toEqual({ weightsId: without, frozen: true, finetuned: false });
  expect(single(whole)).toEqual({ weightsId: whole, frozen: true, finetuned: true });

  // What was just imported is ticked, too.
  workspace.comparison.setState(({ singles }) => ({
    singles: singles.map(({ weightsId }) => ({ weightsId, frozen: false, finetuned: false })),
  }));
  tickEmbedded(workspace, [without, whole]);
  expect(single(without)).toEqual({ weightsId: without, frozen: true, finetuned: false });
  expect(single(whole)).toEqual({ weightsId: whole, frozen: true, finetuned: true });

  // A plan of before may have it ticked.
  const finetuned = [without, whole].map((weightsId) => ({ weightsId, frozen: false, finetuned: true }));
  const wanted = { singles: finetuned, ensembles: [], recipe: cosine, seeds: 1 };
  expect(possibleRuns(workspace, wanted).map(({ members }) => members[0]?.weightsId)).toEqual([whole]);
});
