import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { context } from '../../../src/app/context.ts';
import { deleteDataset } from '../../../src/app/dataset/datasets.ts';
import { addFiles } from '../../../src/app/dataset/open.ts';
import { engineStore } from '../../../src/app/engine.ts';
import { followChanges, followOpened } from '../../../src/app/follow.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { embed } from '../../../src/app/models/embed.ts';
import { importWeights } from '../../../src/app/models/import-weights.ts';
import { removeWeights } from '../../../src/app/models/rows.ts';
import { findWeightsById } from '../../../src/app/models/weights.ts';
import { openedWorkspace } from '../../../src/app/opened.ts';
import { cropQuery, searchHash } from '../../../src/app/search/query.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import { inEnglish } from '../../../src/numerals.ts';
import fixture from '../../fixtures/parity/formula_efficientnet_b0.json';
import { formulaFile } from '../../formula.ts';
import { type FaultPlan, plan } from '../workers/faults.ts';
import faultyBackboneUrl from '../workers/faulty-backbone.worker.ts?worker&url';

followChanges();
followOpened();

/** Named after its network: another one has the same tensors. */
const ID = 'efficientnet_b0.query-faults';
/** What becomes of the backbone workers that are made from now on, one after the other; nothing of those after the last. */
const plans: FaultPlan[] = [];
let newest: Worker | null = null;

/** The app's workers, but backbones with the faults of the tests. */
class PlannedWorker extends Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    const backbone = options?.name === 'backbone';
    super(backbone ? faultyBackboneUrl : url, options);
    if (!backbone) return;
    plan(this, plans.shift() ?? {});
    newest = this;
  }
}

async function pickedFiles(): Promise<File[]> {
  return Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const canvas = new OffscreenCanvas(64, 48);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('This browser draws on no canvas.');
      context.fillStyle = `rgb(${i * 20} ${255 - i * 20} ${(i * 70) % 256})`;
      context.fillRect(0, 0, 64, 48);
      context.fillStyle = 'black';
      context.fillRect(i * 3, 10, 14, 14);
      const file = new File([await canvas.convertToBlob()], `${i}.png`);
      const split = i < 4 ? 'training' : i < 6 ? 'test/query' : 'test/gallery';
      return Object.defineProperty(file, 'webkitRelativePath', { value: `picked/${split}/kind ${i % 2}/${i}.png` });
    }),
  );
}

let frames = 0;
/** Another part of the query's picture each time: its features are never stored, so that the network is asked. */
async function askAnew(): Promise<void> {
  frames++;
  await cropQuery(openedWorkspace(), { x: 0, y: 0, width: 1 - frames / 64, height: 1 });
}

const answer = () =>
  openedWorkspace()
    .search.getState()
    .neighbours.map(({ image, similarity }) => [image.path, similarity]);
const said = () => jobs.store.getState().failures.map(({ message }) => message);

beforeAll(async () => {
  vi.stubGlobal('Worker', PlannedWorker);
  settingsStore.setState({ engine: 'webgpu', workers: 1 });
  await importWeights(openedWorkspace(), [new File([formulaFile(fixture)], `${ID}.safetensors`)]);
  expect(said()).toEqual([]);
  await addFiles(await pickedFiles());
  const embedded = await embed(openedWorkspace(), [ID]);
  expect([embedded, said()]).toEqual([true, []]);
  const query = openedWorkspace()
    .dataset.getState()
    .images.find(({ split }) => split === 'query');
  await searchHash(openedWorkspace(), query?.hash ?? '');
  expect(openedWorkspace().search.getState()).toMatchObject({ status: 'done' });
  expect(answer()).toHaveLength(6);
});

beforeEach(() => {
  context.backbones.close();
  plans.length = 0;
  jobs.store.setState({ failures: [] });
  settingsStore.setState({ wasmInstead: false });
});

afterAll(async () => {
  const { dataset } = openedWorkspace().dataset.getState();
  if (dataset) await deleteDataset(openedWorkspace(), dataset.id);
  await removeWeights(openedWorkspace(), ID);
});

/** The answer to the frame asked last, by workers to which nothing happens. */
async function calmAnswer() {
  context.backbones.close();
  plans.length = 0;
  frames--;
  await askAnew();
  expect(openedWorkspace().search.getState().status).toBe('done');
  return answer();
}

test('a query during which the graphics device is lost is answered all the same, and the loss is said', async () => {
  plans.push({ loseAt: 1 });
  await askAnew();
  expect(openedWorkspace().search.getState()).toMatchObject({ status: 'done', error: null });
  const answered = answer();
  expect(said()).toEqual([expect.stringMatching(/^The graphics device was lost\. It was opened again/)]);
  expect(await calmAnswer()).toEqual(answered);
});

test('after three losses in a row the user is asked, and WASM answers the query', async () => {
  plans.push({ loseAt: 1 }, { loseAt: 1 }, { loseAt: 1 });
  await askAnew();
  expect(openedWorkspace().search.getState()).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('3 times in a row'),
  });
  const { remedy } = openedWorkspace().search.getState();
  expect(remedy?.label).toBe('Go on with WASM');
  remedy?.run();
  await expect.poll(() => openedWorkspace().search.getState().status, { timeout: 60_000 }).toBe('done');
  expect(engineStore.getState().engine).toMatchObject({
    kind: 'wasm',
    reason: expect.stringContaining('WebGPU'),
  });
  const answered = answer();
  expect(await calmAnswer()).toEqual(answered);
});

test('a query whose worker dies is asked once more', async () => {
  await askAnew();
  const killed = newest;
  const stop = openedWorkspace().search.subscribe(({ status }) => {
    if (status !== 'embedding') return;
    stop();
    killed?.terminate();
    killed?.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
  });
  await askAnew();
  expect(openedWorkspace().search.getState()).toMatchObject({ status: 'done', error: null });
  expect(newest).not.toBe(killed);
  const answered = answer();
  expect(await calmAnswer()).toEqual(answered);
});

test('a query that needs weights that are gone offers their download, with their size', async () => {
  await askAnew();
  const weights = findWeightsById(ID);
  if (!weights) expect.fail('The weights are not listed.');
  await removeWeights(openedWorkspace(), ID);
  context.weights.offer({ ...weights, origin: 'hub' });
  await askAnew();
  const { status, error, remedy } = openedWorkspace().search.getState();
  expect([status, inEnglish(error ?? '')]).toEqual([
    'failed',
    expect.stringMatching(/^This needs the weights of .* \([\d.]+ MB\), which are not in this browser\./),
  ]);
  expect(inEnglish(remedy?.label ?? '')).toMatch(/^Download .* \([\d.]+ MB\)$/);
});
