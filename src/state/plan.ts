import { headsKey, type Run, trainedTogether } from '../core/run.ts';
import type { Combination } from '../heads/ensemble.ts';
import { storedHashes } from '../storage/features.ts';
import { getHeads } from '../storage/heads.ts';
import type { ImageRecord } from '../types.ts';
import type { Stage } from './comparison.ts';
import { modelsStore } from './models.ts';
import { type MemberChoice, type RunChoice, runId, runLabel, runOf } from './runs.ts';
import { database } from './session.ts';
import type { WantedRuns } from './wanted-runs.ts';
import { findWeightsById, usableWeights } from './weights.ts';

/** All runs that are ticked, in the order of the table. Frozen runs do not depend on the seed, and are made once. */
export function plannedRuns({ singles, ensembles, recipe, seeds }: WantedRuns): RunChoice[] {
  const choices: RunChoice[] = [];
  const add = (members: readonly MemberChoice[], combine: Combination | null) => {
    const seeded = combine !== null || members.some(({ head }) => head === 'finetuned');
    for (let seed = recipe.seed; seed < recipe.seed + (seeded ? seeds : 1); seed++) {
      choices.push({ members: [...members], combine, recipe: { ...recipe, seed }, loaded: null });
    }
  };
  for (const { weightsId, frozen } of singles) if (frozen) add([{ weightsId, head: 'frozen' }], null);
  for (const { weightsId, finetuned } of singles) if (finetuned) add([{ weightsId, head: 'finetuned' }], null);
  for (const { members, combine } of ensembles) for (const how of combine) add(members, how);
  return choices;
}

/** A stage with what it does; `run` names what evaluation and training are for. */
export interface PlannedStage extends Stage {
  readonly weightsId: string | null;
  readonly choice: RunChoice | null;
  /** Which of the run's groups of heads is trained. */
  readonly group: number;
}

/** Milliseconds an image, where nothing was measured on this machine yet. */
const GUESSED_MS_AN_IMAGE = 150;
/** Multiplications and additions a second in training, of one WASM thread with its overhead. */
const GUESSED_TRAINING_RATE = 4e9;
/** Epochs until training usually stops. */
const GUESSED_EPOCHS = 100;
const EVALUATION_MS = 1000;

/** What is to be computed for these runs, and what is there already. `done`: ids of runs whose results are shown. */
export async function planStages(
  choices: readonly RunChoice[],
  images: readonly ImageRecord[],
  done: ReadonlySet<string>,
): Promise<PlannedStage[]> {
  const open = choices.filter((choice) => !done.has(runId(choice)));
  const stages: PlannedStage[] = [];
  const ids = new Set(choices.flatMap(({ members }) => members.map(({ weightsId }) => weightsId)));
  for (const weightsId of ids) stages.push(...(await weightsStages(weightsId, images)));
  const trained = new Set<string>();
  for (const choice of choices) stages.push(...(await trainingStages(choice, images, trained)));
  for (const choice of choices) {
    stages.push({
      ...stage('evaluate', `evaluate ${runId(choice)}`, `Evaluate ${seeded(choice)}`, !open.includes(choice)),
      choice,
      estimateMs: open.includes(choice) ? EVALUATION_MS : 0,
    });
  }
  return stages;
}

function stage(kind: Stage['kind'], id: string, label: string, kept: boolean): PlannedStage {
  return {
    id,
    kind,
    label,
    state: kept ? 'kept' : 'waiting',
    estimateMs: kept ? 0 : null,
    progress: null,
    tookMs: null,
    weightsId: null,
    choice: null,
    group: 0,
  };
}

async function weightsStages(weightsId: string, images: readonly ImageRecord[]): Promise<PlannedStage[]> {
  const weights = findWeightsById(weightsId);
  if (!weights) return [];
  const row = modelsStore.getState().rows.find((candidate) => candidate.weights.id === weightsId);
  const key = usableWeights(weights)?.featuresKey;
  const stored = key ? await storedHashes(database, key) : new Set<string>();
  const missing = images.filter(({ hash }) => hash === null || !stored.has(hash)).length;
  const stages: PlannedStage[] = [];
  if (weights.architecture !== 'colour-gradient' && missing > 0) {
    const kept = row?.cached != null;
    stages.push({ ...stage('download', `download ${weightsId}`, `Download ${weights.label}`, kept), weightsId });
  }
  const speed = row?.imagesPerSecond ?? null;
  stages.push({
    ...stage(
      'embed',
      `embed ${weightsId}`,
      `Embed ${images.length.toLocaleString('en')} images with ${weights.label}`,
      missing === 0,
    ),
    weightsId,
    estimateMs: missing === 0 ? 0 : missing * (speed ? 1000 / speed : GUESSED_MS_AN_IMAGE),
  });
  return stages;
}

async function trainingStages(
  choice: RunChoice,
  images: readonly ImageRecord[],
  planned: Set<string>,
): Promise<PlannedStage[]> {
  const trains = choice.members.filter(({ head }) => head === 'finetuned');
  const groups = choice.combine === 'shared' ? (trains.length > 0 ? [trains] : []) : trains.map((member) => [member]);
  if (groups.length === 0) return [];
  const run = await runOf(choice, images);
  const stages: PlannedStage[] = [];
  for (const [group, members] of groups.entries()) {
    const names = members.map(({ weightsId }) => findWeightsById(weightsId)?.label ?? weightsId);
    const id = `train ${members.map(({ weightsId }) => weightsId).join('+')} ${JSON.stringify(choice.recipe)}`;
    if (planned.has(id)) continue;
    planned.add(id);
    const label = `Train ${members.length > 1 ? 'the heads of' : 'the head of'} ${names.join(' and ')}, ${choice.recipe.classifier}, seed ${choice.recipe.seed}`;
    const kept = run !== null && (await isTrained(run, group));
    const estimateMs = kept ? 0 : trainingMs(choice, members, images);
    stages.push({ ...stage('train', id, label, kept), choice, group, estimateMs });
  }
  return stages;
}

/** Three products of [rows, D] × [D, 512] an epoch, for the fit and once more for the refit. */
function trainingMs({ recipe }: RunChoice, members: readonly MemberChoice[], images: readonly ImageRecord[]): number {
  const rows = images.filter(({ split }) => split === 'training').length;
  const features = members.reduce((sum, { weightsId }) => sum + (findWeightsById(weightsId)?.features ?? 0), 0);
  const epochs = Math.min(recipe.epochs, GUESSED_EPOCHS) * (recipe.refit ? 2 : 1);
  return (epochs * rows * features * 512 * 3 * 1000) / GUESSED_TRAINING_RATE;
}

async function isTrained(run: Run, group: number): Promise<boolean> {
  const members = trainedTogether(run)[group];
  return members !== undefined && (await getHeads(database, run.datasetId, await headsKey(run, members))) !== null;
}

const seeded = (choice: RunChoice): string =>
  choice.members.some(({ head }) => head === 'finetuned')
    ? `${runLabel(choice)}, seed ${choice.recipe.seed}`
    : runLabel(choice);
