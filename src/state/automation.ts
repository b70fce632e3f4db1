import { limitPerSplit } from '../data/order.ts';
import { AppError, toAppError } from '../errors.ts';
import { type ReportDataset, type RunIdentity, runName } from '../exports/report.ts';
import { type FrozenRun, rankQueries, runEmbeddings, splitImages } from '../pipeline/frozen-run.ts';
import { getFeatures } from '../storage/features.ts';
import type { ImageRecord, Weights } from '../types.ts';
import type { Rankings } from '../workers/protocol.ts';
import { addGroundTruth, continueReading } from './actions/data.ts';
import { embedWith, evaluateWith, frozenRun } from './actions/embed.ts';
import { setEngine } from './actions/settings.ts';
import { activityStore } from './activity.ts';
import { activityLine } from './activity-line.ts';
import type { Answer, Automation, MatrixShape, MatrixSource, RunRequest } from './automation-types.ts';
import { datasetStore } from './datasets.ts';
import { modelsStore } from './models.ts';
import { operate } from './operations.ts';
import { searchStore } from './search.ts';
import { database } from './session.ts';
import { allWeights, cachedWeights } from './weights.ts';

interface MadeRun {
  readonly request: RunRequest;
  readonly frozen: FrozenRun;
  rankings: Rankings | null;
}

const made = new Map<string, MadeRun>();
/** The matrix whose rows are being fetched, so that it is not loaded again for every block. */
let fetched: {
  readonly source: string;
  readonly matrix: Float32Array<ArrayBuffer>;
  readonly shape: MatrixShape;
} | null = null;

/** Offers the page to the headless runner. */
export function offerAutomation(): void {
  window.likeness = automation;
}

const automation: Automation = {
  settle: () => answer(settle),
  setGroundTruth: (text, name) =>
    answer(async () => {
      await addGroundTruth(new File([text], name));
      throwFailures();
      return reportDataset();
    }),
  setEngine: (engine) =>
    answer(async () => {
      await setEngine(engine);
      throwFailures();
      return null;
    }),
  run: (request) => answer(() => run(request)),
  environment: () =>
    answer(async () => {
      const { engine } = modelsStore.getState();
      const networks = [...made.values()].some(({ frozen }) => frozen.architecture !== 'colour-gradient');
      return {
        backend: networks ? (engine?.kind ?? null) : null,
        adapter: engine?.adapter ?? null,
        userAgent: navigator.userAgent,
        workers: engine?.workers ?? 0,
      };
    }),
  rankings: (identity, start, count) => answer(() => rankings(identity, start, count)),
  matrix: (source) => answer(async () => (await load(source)).shape),
  matrixRows: (source, start, count) =>
    answer(async () => {
      const { matrix, shape } = await load(source);
      const rows = matrix.subarray(start * shape.dimensions, (start + count) * shape.dimensions);
      return base64(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
    }),
  status: () => {
    const [activity] = activityStore.getState().running;
    return activity ? activityLine(activity) : null;
  },
};

async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const { code, message } = toAppError(error);
    return { ok: false, code, message };
  }
}

function throwFailures(): void {
  const [failure] = activityStore.getState().failures;
  if (failure) throw new AppError('dataset-unusable', failure.message);
}

async function settle(): Promise<ReportDataset> {
  await idle(() => datasetStore.getState().dataset !== null || activityStore.getState().failures.length > 0);
  await idle(() => activityStore.getState().running.length === 0);
  await continueReading();
  throwFailures();
  return reportDataset();
}

/** Resolves once `condition` holds; both stores are watched. */
function idle(condition: () => boolean): Promise<void> {
  if (condition()) return Promise.resolve();
  return new Promise((resolve) => {
    const check = () => {
      if (!condition()) return;
      stopDatasets();
      stopActivity();
      resolve();
    };
    const stopDatasets = datasetStore.subscribe(check);
    const stopActivity = activityStore.subscribe(check);
  });
}

function reportDataset(): ReportDataset {
  const { dataset } = datasetStore.getState();
  if (!dataset) throw new AppError('dataset-unusable', 'No data set is open.');
  return { classes: dataset.classes.length, ...dataset.counts, problems: dataset.problems };
}

/** Weights on the app's own origin before cached ones, those before the hub's. */
function weightsFor(architecture: string): Weights {
  const fitting = allWeights().filter((weights) => weights.architecture === architecture);
  const chosen =
    fitting.find(({ origin }) => origin === 'origin' || origin === 'built-in') ??
    fitting.find(({ id }) => cachedWeights(id)) ??
    fitting[0];
  if (!chosen) throw new AppError('weights-missing', `There are no weights for ${architecture}.`);
  return chosen;
}

async function run(request: RunRequest) {
  const weights = weightsFor(request.model);
  const { images } = datasetStore.getState();
  const limited = request.limit === null ? images : limitPerSplit(images, request.limit);
  const settings = { ks: request.ks, index: request.index, efSearch: searchStore.getState().efSearch };
  let result: Awaited<ReturnType<typeof evaluateWith>> = null;
  const finished = await operate('models', `Evaluating ${weights.label}`, 'images', async (operation) => {
    const extraction = await embedWith(weights, limited, operation);
    result = await evaluateWith(weights, limited, settings, operation, extraction);
  });
  const frozen = await frozenRun(weights, limited);
  if (!finished || !result || !frozen) {
    const [failure] = activityStore.getState().failures;
    throw new AppError('internal', failure?.message ?? 'The evaluation did not come to its end.');
  }
  made.set(runName(request), { request, frozen, rankings: null });
  return result;
}

function madeRun(identity: RunIdentity): MadeRun {
  const found = made.get(runName(identity));
  if (!found) throw new AppError('bad-argument', `The run ${runName(identity)} has not been made.`);
  return found;
}

async function rankings(identity: RunIdentity, start: number, count: number) {
  const found = madeRun(identity);
  const { frozen, request } = found;
  const gallery = splitImages(frozen.images, 'gallery');
  const k = Math.min(Math.max(...request.ks), gallery.length);
  found.rankings ??= await rankQueries(database, frozen, k, request.index, new AbortController().signal);
  const { rows } = found.rankings;
  return splitImages(frozen.images, 'query')
    .slice(start, start + count)
    .map(({ file }, i) => ({
      query: file,
      gallery: [...rows.subarray((start + i) * k, (start + i + 1) * k)].flatMap((row) => gallery[row]?.file ?? []),
    }));
}

async function load(source: MatrixSource): Promise<NonNullable<typeof fetched>> {
  const name = JSON.stringify(source);
  if (fetched?.source === name) return fetched;
  const frozen =
    source.kind === 'embeddings'
      ? madeRun(source.run).frozen
      : [...made.values()].find(({ frozen }) => frozen.architecture === source.backbone)?.frozen;
  if (!frozen) throw new AppError('bad-argument', 'No run with this backbone has been made.');
  const images = splitImages(frozen.images, source.split);
  const matrix =
    source.kind === 'embeddings'
      ? (await runEmbeddings(database, frozen, source.split)).matrix
      : (await getFeatures(database, frozen.featuresKey, hashesOf(images), frozen.dimensions)).matrix;
  const files = images.map(({ file }) => file);
  fetched = { source: name, matrix, shape: { files, dimensions: frozen.dimensions } };
  return fetched;
}

const hashesOf = (images: readonly (ImageRecord & { readonly hash: string })[]) => images.map(({ hash }) => hash);

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
