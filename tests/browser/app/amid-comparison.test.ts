import { expect, onTestFinished, test, vi } from 'vitest';
import { runComparison } from '../../../src/app/comparison/run-comparison.ts';
import { context, database } from '../../../src/app/context.ts';
import { deleteDataset } from '../../../src/app/dataset/datasets.ts';
import { addFiles } from '../../../src/app/dataset/open.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { embed } from '../../../src/app/models/embed.ts';
import { loadModels, refreshModels } from '../../../src/app/models/rows.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { ownVectorsKey, ownWeights } from '../../../src/models/own-vectors.ts';
import { putFeatures } from '../../../src/storage/features.ts';

followChanges();
followOpened();

const DESCRIPTOR = 'colour-gradient';

async function drawn(hue: number, seed: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(32, 32);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws on no canvas.');
  context.fillStyle = `hsl(${hue} ${50 + seed}% ${40 + seed}%)`;
  context.fillRect(0, 0, 32, 32);
  return canvas.convertToBlob();
}

async function pickedFiles(firstHue: number): Promise<File[]> {
  const files: File[] = [];
  for (const kind of [0, 1, 2]) {
    let seed = 0;
    for (const [split, count] of Object.entries({ training: 8, 'test/query': 2, 'test/gallery': 4 })) {
      for (let i = 0; i < count; i++) {
        const file = new File([await drawn(firstHue + kind * 120, seed++)], `${i}.png`);
        Object.defineProperty(file, 'webkitRelativePath', { value: `amid/${split}/kind ${kind}/${i}.png` });
        files.push(file);
      }
    }
  }
  return files;
}

const wanted = {
  singles: [{ weightsId: DESCRIPTOR, frozen: true, finetuned: true }],
  ensembles: [],
  recipe: { ...defaultRecipe('cosine'), epochs: 10 },
  seeds: 1,
};

test('while a comparison goes on, search opens with the model that is scored, whose figures stand among the models', async () => {
  await loadModels();
  await addFiles(await pickedFiles(0));
  const workspace = openedWorkspace();
  const isOpen = () => workspace.search.getState().runId !== null;
  const figures = () => workspace.models.getState().rows.find(({ weights }) => weights.id === DESCRIPTOR)?.scores;
  const training = { opened: false, figures: false };
  const stop = workspace.comparison.subscribe(({ stages }) => {
    if (!stages.some(({ kind, state }) => kind === 'train' && state === 'running')) return;
    training.opened ||= isOpen();
    training.figures ||= figures() != null;
  });
  expect(await runComparison(workspace, wanted)).toBe(true);
  stop();
  expect(training).toEqual({ opened: true, figures: true });
  await deleteDataset(workspace, workspace.dataset.getState().dataset?.id ?? '');
});

test('a failed embedding is no longer offered once a comparison has embedded the images', async () => {
  await loadModels();
  await addFiles(await pickedFiles(60));
  const workspace = openedWorkspace();
  const offered = () => jobs.store.getState().failures.map(({ remedy }) => remedy?.label);
  // Vectors of some of the images, which nothing computes for the others, are no reason to go on.
  const vectors = { name: 'part', sha256: 'b'.repeat(64), dimensions: 2 };
  const [first] = workspace.dataset.getState().images;
  const row = { hash: first?.hash ?? '', features: Float32Array.of(1, 2) };
  await putFeatures(database, ownVectorsKey(vectors), [row]);
  context.weights.bring(vectors);
  await refreshModels(workspace);
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The disk answers no more.', 'UnknownError');
  });
  onTestFinished(() => put.mockRestore());
  expect(await embed(workspace, [DESCRIPTOR, ownWeights(vectors).id])).toBe(false);
  put.mockRestore();
  expect(offered()).toContain('Go on embedding');
  expect(await runComparison(workspace, wanted)).toBe(true);
  await expect.poll(offered).not.toContain('Go on embedding');
  await deleteDataset(workspace, workspace.dataset.getState().dataset?.id ?? '');
});
