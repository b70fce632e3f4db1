import { type BestFound, findBest } from '../../core/best-model.ts';
import { type RunTiming, rankQueries } from '../../core/evaluate-run.ts';
import { type Run, splitImages, trainedTogether } from '../../core/run.ts';
import { runEmbeddings } from '../../core/run-embeddings.ts';
import { scoredImages } from '../../core/scored-images.ts';
import { createSetbacks } from '../../core/setbacks.ts';
import { type Choice, choicesOf, countByHand, countSplits, type Notice } from '../../data/choices.ts';
import type { NameRule } from '../../data/file-name-classes.ts';
import { limitPerSplit } from '../../data/order.ts';
import { AppError, toAppError } from '../../errors.ts';
import type { RankedQuery } from '../../exports/rankings.ts';
import { type ReportDataset, type RunIdentity, type RunResult, runName } from '../../exports/report.ts';
import { formatModel, type HeadKind, parseModel } from '../../heads/member.ts';
import { defaultRecipe } from '../../heads/recipe.ts';
import { english } from '../../metrics/format.ts';
import { isArchitecture } from '../../models/specs/architectures.ts';
import { type Variant, variantId } from '../../models/specs/variants.ts';
import { inEnglish } from '../../numerals.ts';
import { loadFeatures } from '../../storage/features.ts';
import type { ImageRecord, RoleFolder, Weights } from '../../types.ts';
import type { Rankings } from '../../workers/protocol.ts';
import { train } from '../comparison/run-comparison.ts';
import { evaluate, type RunChoice, runOf } from '../comparison/runs.ts';
import { context, database } from '../context.ts';
import { addGroundTruth, continueReading, decide } from '../dataset/read.ts';
import { engineStore } from '../engine.ts';
import { type JobContext, jobs, type RunningJob } from '../jobs/jobs.ts';
import { embedWith } from '../models/embed.ts';
import { allWeights, cachedWeights, findWeightsById } from '../models/weights.ts';
import { openedStore, openedWorkspace } from '../opened.ts';
import { setEngine } from '../settings/preferences.ts';
import type {
  Answer,
  Automation,
  BestAnswer,
  BestRequest,
  MatrixShape,
  MatrixSource,
  RunRequest,
} from './automation-types.ts';
import { embedFiles, type PartHolder, partModel, partRows, partThumbnails } from './parts.ts';

interface MadeRun {
  readonly request: RunRequest;
  readonly run: Run;
  rankings: Rankings | null;
}

interface FetchedMatrix {
  readonly source: string;
  readonly matrix: Float32Array<ArrayBuffer>;
  readonly shape: MatrixShape;
}

/** What one headless runner has asked for. */
interface Asked extends PartHolder {
  /** By the name of the run. */
  readonly runs: Map<string, MadeRun>;
  /** The matrix whose rows are being fetched, so that it is not loaded again for every block. */
  fetched: FetchedMatrix | null;
}

/** Offers the page to the headless runner. */
export function offerAutomation(): void {
  window.likeness = automationFor({ runs: new Map(), fetched: null, part: null });
}

const automationFor = (asked: Asked): Automation => ({
  settle: () => answer(settle),
  setRoles: (roles) =>
    answer(async () => {
      const folders = openedWorkspace().dataset.getState().dataset?.folders ?? [];
      const named = roles.map(([name, role]) => [folderNamed(name, folders), role] as const);
      await decide(openedWorkspace(), { kind: 'roles', roles: named });
      throwFailures();
      return reportDataset();
    }),
  setNameClasses: (rule) =>
    answer(async () => {
      await decide(openedWorkspace(), offeredClasses(rule, openedWorkspace().dataset.getState().notices));
      throwFailures();
      return reportDataset();
    }),
  setGroundTruth: (text, name) =>
    answer(async () => {
      await addGroundTruth(openedWorkspace(), new File([text], name));
      throwFailures();
      return reportDataset();
    }),
  setEngine: (engine) =>
    answer(async () => {
      await setEngine(engine);
      throwFailures();
      return null;
    }),
  run: (request) => answer(() => run(asked, request)),
  best: (request) => answer(() => best(request)),
  environment: () =>
    answer(async () => {
      const { engine } = engineStore.getState();
      const networks = [...asked.runs.values()].some(({ run }) =>
        run.members.some(({ architecture }) => isArchitecture(architecture)),
      );
      return {
        backend: networks ? (engine?.kind ?? null) : null,
        adapter: engine?.adapter ?? null,
        userAgent: navigator.userAgent,
        workers: engine?.workers ?? 0,
      };
    }),
  rankings: (identity, start, count) => answer(() => rankings(asked, identity, start, count)),
  matrix: (source) => answer(async () => (await load(asked, source)).shape),
  matrixRows: (source, start, count) =>
    answer(async () => {
      const { matrix, shape } = await load(asked, source);
      const rows = matrix.subarray(start * shape.dimensions, (start + count) * shape.dimensions);
      return base64(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
    }),
  partModel: (backbone, variant) => answer(() => partModel(weightsIn(backbone, variant))),
  embedFiles: (backbone, variant, files) => answer(() => embedFiles(asked, weightsIn(backbone, variant), files)),
  partRows: (start, count) => answer(async () => base64(partRows(asked, start, count))),
  partThumbnails: (start, end) => answer(async () => base64(partThumbnails(asked, start, end))),
  status: () => {
    const [running] = jobs.store.getState().running;
    return running ? statusLine(running) : null;
  },
});

/** The path of a folder that is named by it, or by its end. */
function folderNamed(name: string, folders: readonly RoleFolder[]): string {
  const found = folders.filter(({ path }) => path === name || path.endsWith(`/${name}`));
  const [only, ...others] = found;
  if (only && others.length === 0) return only.path;
  const all = folders.map(({ path }) => path).join(', ');
  throw new AppError(
    'dataset-unusable',
    only
      ? `Several folders are named ${name}: ${all}. Name it by its path.`
      : `No folder is named ${name}; there are ${all}.`,
  );
}

/** The choice that takes classes from file names by a rule, as a notice offers it. */
function offeredClasses(rule: NameRule | 'auto', notices: readonly Notice[]): Choice {
  const offered = notices.flatMap(({ offers }) =>
    offers.flatMap(({ choice }) => (choice.kind === 'name-classes' && choice.rule !== null ? [choice] : [])),
  );
  const found = offered.find((choice) => rule === 'auto' || choice.rule === rule);
  if (found) return found;
  const others = [...new Set(offered.map((choice) => choice.rule))].join(', ');
  throw new AppError(
    'dataset-unusable',
    others === ''
      ? 'No files that need a class have names that tell one. Nothing was evaluated.'
      : `The names of the files tell no classes by ${rule}; they do by ${others}. Nothing was evaluated.`,
  );
}

/** A running job as one line of plain text. */
function statusLine({ stage, unit, progress }: RunningJob): string {
  if (!progress) return stage;
  const { done, total, rate, secondsLeft } = progress;
  const amount =
    unit === 'bytes'
      ? english.bytesOf(done, total > 0 ? total : null)
      : `${english.count(done)} of ${english.count(total)} ${unit}`;
  const parts = [
    `${stage}: ${amount}`,
    rate === null ? null : english.rate(rate, unit),
    secondsLeft === null ? null : english.timeLeft(secondsLeft),
  ];
  return parts.filter((part) => part !== null).join(', ');
}

async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const { code, message } = toAppError(error);
    return { ok: false, code, message: inEnglish(message) };
  }
}

function throwFailures(): void {
  const [failure] = jobs.store.getState().failures;
  if (failure) throw new AppError('dataset-unusable', failure.message);
}

async function settle(): Promise<ReportDataset> {
  await openedOrFailed();
  await jobs.idle();
  await continueReading(openedWorkspace());
  throwFailures();
  return reportDataset();
}

/** Resolves once a data set is open, or opening it has failed. */
function openedOrFailed(): Promise<void> {
  const settled = () =>
    openedWorkspace().dataset.getState().dataset !== null || jobs.store.getState().failures.length > 0;
  if (settled()) return Promise.resolve();
  return new Promise((resolve) => {
    const check = () => {
      if (!settled()) return;
      stopDatasets();
      stopJobs();
      resolve();
    };
    const stopDatasets = openedStore.subscribe(check);
    const stopJobs = jobs.store.subscribe(check);
  });
}

function reportDataset(): ReportDataset {
  const { session, dataset: store } = openedWorkspace();
  const { dataset, images, excluded } = store.getState();
  if (!dataset || !session) throw new AppError('dataset-unusable', 'No data set is open.');
  const problems = dataset.problems.map((problem) => ({ ...problem, reason: inEnglish(problem.reason) }));
  return {
    classes: dataset.classes.length,
    ...dataset.counts,
    byHand: countByHand(choicesOf(session.stored), images),
    excluded: countSplits(excluded),
    problems,
  };
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

/** Throws AppError 'bad-argument' where the network has no such variant. */
function weightsIn(architecture: string, variant: Variant): Weights {
  const weights = weightsFor(architecture);
  const found = findWeightsById(variantId(weights.id, variant));
  if (!found) {
    const { size, flip } = variant;
    const words = [size && `images of ${size} pixels`, flip && 'mirror images'].filter(Boolean).join(' or ');
    throw new AppError('bad-argument', `${weights.label} cannot take ${words}.`);
  }
  return found;
}

/** The runs as the report names them stand on one set of weights an architecture. */
function choiceFor(request: RunRequest): RunChoice {
  const { model, head, classifier, combine, seed, refit, rank, weightsIds } = request;
  const recipe = { ...defaultRecipe(classifier ?? 'cosine'), seed, refit };
  const members = parseModel(model, head).map((member, at) => ({
    weightsId: weightsIds?.[at] ?? variantId(weightsFor(member.backbone).id, request),
    head: member.head,
  }));
  return { members, combine, recipe, loaded: null, rank };
}

async function run({ runs }: Asked, request: RunRequest): Promise<RunResult> {
  const choice = choiceFor(request);
  const { images } = openedWorkspace().dataset.getState();
  const limited = request.limit === null ? images : limitPerSplit(images, request.limit);
  const { ks, index, open } = request;
  const settings = { ks, index, open, efSearch: openedWorkspace().search.getState().efSearch };
  const ended: { result: RunResult | null; error: unknown } = { result: null, error: null };
  await jobs.run({ screen: 'comparison', stage: `Evaluating ${request.model}`, unit: 'images' }, async (job) => {
    try {
      const timing = await prepare(choice, limited, job);
      job.stage(`Scoring ${request.model}`, 'images');
      ended.result = (await evaluate(choice, limited, job.signal, timing, settings))?.result ?? null;
    } catch (error) {
      ended.error = error;
      throw error;
    }
  });
  // With its code, which says whether other models can still be evaluated.
  if (ended.error) throw ended.error;
  const { result } = ended;
  const made = await runOf(choice, limited);
  if (!result || !made) throw new AppError('internal', 'The evaluation did not come to its end.');
  runs.set(runName(request), { request, run: made, rankings: null });
  return result;
}

/** Weights to choose among: of equal architectures those that a run would take. */
function candidates(): Weights[] {
  const networks = allWeights().filter(({ architecture }) => isArchitecture(architecture));
  const near = networks.filter(({ origin }) => origin === 'origin');
  const here = near.length > 0 ? near : networks.filter(({ id }) => cachedWeights(id));
  // The descriptor needs no weights, and is seldom worth its place beside a network.
  const names = here.length > 0 ? here.map(({ architecture }) => architecture) : ['colour-gradient'];
  return [...new Set(names)].map(weightsFor);
}

async function best({
  k,
  classifier,
  refit,
  size,
  flip,
  limit,
  ks,
  index,
  open,
  budgetMs,
}: BestRequest): Promise<BestAnswer> {
  const { dataset, images } = openedWorkspace().dataset.getState();
  if (!dataset) throw new AppError('dataset-unusable', 'No data set is open.');
  const limited = limit === null ? images : limitPerSplit(images, limit);
  const subject = { datasetId: dataset.id, images: limited };
  const recipe = { ...defaultRecipe(classifier), refit };
  const weightsIds = candidates().flatMap(({ id }) => [
    variantId(id, { size, flip: false }),
    ...(flip ? [variantId(id, { size, flip })] : []),
  ]);
  const setbacks = createSetbacks();
  const ended: { found: BestFound | null; error: unknown } = { found: null, error: null };
  await jobs.run({ screen: 'comparison', stage: 'Choosing the best', unit: 'images' }, async (job) => {
    try {
      const embedded: string[] = [];
      for (const id of weightsIds) {
        const weights = findWeightsById(id);
        if (!weights) continue;
        const done = await setbacks.attempt(weights.label, async () => {
          await embedWith(openedWorkspace(), weights, limited, job);
          return id;
        });
        if (done !== null) embedded.push(done);
      }
      const nothing = embedded.length === 0 ? setbacks.error('Nothing was chosen.') : null;
      if (nothing) throw nothing;
      const request = { weightsIds: embedded, k, recipe, open, budgetMs };
      ended.found = await findBest(context, subject, request, job, setbacks);
    } catch (error) {
      ended.error = error;
      throw error;
    }
  });
  // With its code, which says whether other models can still be evaluated.
  if (ended.error) throw ended.error;
  const { found } = ended;
  const winner = found?.path.at(-1)?.choice;
  if (!found || !winner) throw new AppError('internal', 'The choice did not come to its end.');
  const winners = winner.members.map(({ weightsId }) => weightsId);
  const run = { ...identityOf(winner), refit, size, flip, weightsIds: winners, limit, ks, index, open };
  const { path, interval, tried, complete } = found;
  const steps = path.map(({ label, value, gain }) => ({
    model: label,
    value,
    gain: gain?.mean ?? null,
    standardError: gain?.standardError ?? null,
  }));
  const choice = { metric: `top-${k}`, run: runName(run), path: steps, interval, tried, complete };
  const setback = setbacks.error('The choice was made among the others.');
  return { run, choice, setback: setback && { code: setback.code, message: setback.message } };
}

/** The run as a report names it. */
function identityOf({ members, combine, recipe, rank }: RunChoice): RunIdentity {
  const head: HeadKind = members.some((member) => member.head === 'finetuned') ? 'finetuned' : 'frozen';
  const named = members.flatMap(({ weightsId, head: kind }) => {
    const weights = findWeightsById(weightsId);
    return weights ? [{ backbone: weights.architecture, head: kind }] : [];
  });
  const classifier = head === 'finetuned' ? recipe.classifier : null;
  return { model: formatModel(named, head), head, classifier, combine, seed: recipe.seed, rank };
}

/** Features and heads that the run needs. */
async function prepare(choice: RunChoice, images: readonly ImageRecord[], job: JobContext): Promise<RunTiming> {
  let extractMs = 0;
  let imagesPerSecond: number | null = null;
  for (const { weightsId } of choice.members) {
    const weights = findWeightsById(weightsId);
    const extraction = weights && (await embedWith(openedWorkspace(), weights, images, job));
    if (!extraction) continue;
    extractMs += extraction.elapsedMs;
    imagesPerSecond ??= extraction.imagesPerSecond;
  }
  const start = performance.now();
  const made = await runOf(choice, images);
  const groups = made ? trainedTogether(made).length : 0;
  for (let group = 0; group < groups; group++) {
    job.stage('Training heads', 'epochs');
    await train(openedWorkspace(), choice, group, images, job);
  }
  return { extractMs, imagesPerSecond, trainMs: groups === 0 ? 0 : performance.now() - start };
}

function madeRun({ runs }: Asked, identity: RunIdentity): MadeRun {
  const found = runs.get(runName(identity));
  if (!found) throw new AppError('bad-argument', `The run ${runName(identity)} has not been made.`);
  return found;
}

async function rankings(asked: Asked, identity: RunIdentity, start: number, count: number): Promise<RankedQuery[]> {
  const found = madeRun(asked, identity);
  const { run, request } = found;
  const { queries, gallery, own } = scoredImages(run.images, 'test');
  const k = Math.min(Math.max(...request.ks), own ? gallery.length - 1 : gallery.length);
  found.rankings ??= await rankQueries(context, run, k, request, new AbortController().signal);
  const { rows } = found.rankings;
  return queries.slice(start, start + count).map(({ file }, i) => ({
    query: file,
    gallery: [...rows.subarray((start + i) * k, (start + i + 1) * k)].flatMap((row) => gallery[row]?.file ?? []),
  }));
}

async function load(asked: Asked, source: MatrixSource): Promise<FetchedMatrix> {
  const name = JSON.stringify(source);
  if (asked.fetched?.source === name) return asked.fetched;
  const { images, matrix, dimensions } =
    source.kind === 'embeddings' ? await embeddingsOf(asked, source) : await featuresOf(asked, source);
  const fetched = { source: name, matrix, shape: { files: images.map(({ file }) => file), dimensions } };
  asked.fetched = fetched;
  return fetched;
}

async function embeddingsOf(asked: Asked, { run: identity, split }: Extract<MatrixSource, { kind: 'embeddings' }>) {
  const { run } = madeRun(asked, identity);
  return { images: splitImages(run.images, split), ...(await runEmbeddings(context, run, split)) };
}

async function featuresOf({ runs }: Asked, { backbone, split }: Extract<MatrixSource, { kind: 'features' }>) {
  for (const { run } of runs.values()) {
    const member = run.members.find(({ architecture }) => architecture === backbone);
    if (!member) continue;
    const images = splitImages(run.images, split);
    const { featuresKey, dimensions } = member;
    const hashes = images.map(({ hash }) => hash);
    return { images, matrix: await loadFeatures(database, featuresKey, hashes, dimensions), dimensions };
  }
  throw new AppError('bad-argument', 'No run with this backbone has been made.');
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
