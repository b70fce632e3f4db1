import * as v from 'valibot';
import type { Combination } from '../heads/ensemble.ts';
import { recipeSchema } from '../heads/recipe.ts';
import { getHeads } from '../storage/heads.ts';
import { usableHashes } from '../storage/imported.ts';
import type { ImageRecord, Progress } from '../types.ts';
import { runOf } from './chosen-run.ts';
import type { Context, Subject } from './context.ts';
import { headsKey, type Run, trainedTogether } from './run.ts';
import {
  isFineTuned,
  isSeeded,
  type MemberChoice,
  memberChoiceSchema,
  membersKey,
  type RunChoice,
  runId,
} from './run-choice.ts';
import { runLabel, runName } from './run-name.ts';
import { serves } from './train-heads.ts';

const readonlyArray = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.readonly());

/** Of one comparison. */
const MOST_SEEDS = 20;

/** The ticks and the recipe of the comparison screen, as they are stored: all runs that are wanted follow from them. */
export const wantedRunsSchema = v.object({
  singles: readonlyArray(v.object({ weightsId: v.string(), frozen: v.boolean(), finetuned: v.boolean() })),
  ensembles: readonlyArray(
    v.object({
      members: v.pipe(v.array(memberChoiceSchema), v.minLength(2), v.readonly()),
      combine: readonlyArray(v.picklist(['mean', 'concat', 'shared'])),
    }),
  ),
  recipe: recipeSchema,
  seeds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_SEEDS)),
});
export type WantedRuns = v.InferOutput<typeof wantedRunsSchema>;

/** A set of weights in the plan. */
export interface SingleChoice {
  readonly weightsId: string;
  readonly frozen: boolean;
  readonly finetuned: boolean;
}

/** Two or more members, and the ways to combine them that are ticked. */
export interface EnsembleChoice {
  readonly members: readonly MemberChoice[];
  readonly combine: readonly Combination[];
}

/** One step of the plan, in the order in which they run. */
export interface Stage {
  readonly id: string;
  readonly kind: 'download' | 'embed' | 'train' | 'evaluate';
  /** "Training the head of ResNet-50, seed 0". */
  readonly label: string;
  /** `kept`: done before, nothing to compute. */
  readonly state: 'kept' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Null where it cannot be known yet. */
  readonly estimateMs: number | null;
  readonly progress: Progress | null;
  /** Null until it has ended in this comparison. */
  readonly tookMs: number | null;
}

/** All runs that are ticked, in the order of the table. Frozen runs do not depend on the seed, and are made once. */
export function plannedRuns({ singles, ensembles, recipe, seeds }: WantedRuns): RunChoice[] {
  const choices: RunChoice[] = [];
  const add = (members: readonly MemberChoice[], combine: Combination | null) => {
    const seeded = isSeeded({ members: [...members], combine, loaded: null });
    for (let seed = recipe.seed; seed < recipe.seed + (seeded ? seeds : 1); seed++) {
      choices.push({ members: [...members], combine, recipe: { ...recipe, seed }, loaded: null, rank: 'plain' });
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
  /** A training's work as `epochWork` counts it; 0 for other stages. */
  readonly work: number;
  /** Ids of the stages without which this one cannot be carried out. */
  readonly needs: readonly string[];
}

/** As they were measured on this machine; null where they never were: how long that takes is then not known. */
export interface Speeds {
  /** Images a second with these weights. */
  embedding(weightsId: string): number | null;
  /** Work of a training (`epochWork`) a second. */
  readonly training: number | null;
}

/** Epochs until training usually stops. */
const GUESSED_EPOCHS = 100;
const EVALUATION_MS = 1000;

/**
 * What is to be computed for these runs, and what is there already; each run's stages follow one another, so that its
 * result is there before the next run is worked on. `done`: ids of runs whose results are shown.
 */
export async function planStages(
  context: Context,
  choices: readonly RunChoice[],
  subject: Subject,
  done: ReadonlySet<string>,
  speeds: Speeds,
): Promise<PlannedStage[]> {
  const stages: PlannedStage[] = [];
  const embedded = new Set<string>();
  const trained = new Set<string>();
  for (const choice of choices) {
    for (const { weightsId } of choice.members) {
      if (embedded.has(weightsId)) continue;
      embedded.add(weightsId);
      stages.push(...(await weightsStages(context, weightsId, subject, speeds.embedding(weightsId))));
    }
    const needs = choice.members.map(({ weightsId }) => embedId(weightsId));
    const training = await trainingStages(context, choice, subject, speeds.training);
    for (const one of training) {
      needs.push(one.id);
      if (!trained.has(one.id)) stages.push(one);
      trained.add(one.id);
    }
    const id = runId(choice);
    const kept = done.has(id);
    const label = `Scoring ${runName({ label: runLabel(context.weights, choice), choice })}`;
    stages.push({
      ...stage('evaluate', `evaluate ${id}`, label, kept),
      choice,
      needs,
      estimateMs: kept ? 0 : EVALUATION_MS,
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
    work: 0,
    needs: [],
  };
}

const embedId = (weightsId: string): string => `embed ${weightsId}`;

async function weightsStages(
  { database, weights: catalogue }: Context,
  weightsId: string,
  { datasetId, images }: Subject,
  speed: number | null,
): Promise<PlannedStage[]> {
  const weights = catalogue.find(weightsId);
  if (!weights) return [];
  const key = catalogue.usable(weights)?.featuresKey;
  const stored = key ? await usableHashes(database, key, datasetId) : new Set<string>();
  const missing = images.filter(({ hash }) => hash === null || !stored.has(hash)).length;
  const stages: PlannedStage[] = [];
  const download = `download ${weightsId}`;
  // Own vectors are there, or are not to be computed.
  if (weights.architecture === 'own-vectors') return [];
  if (weights.architecture !== 'colour-gradient' && missing > 0) {
    const kept = catalogue.cached(weightsId) !== null;
    stages.push({ ...stage('download', download, `Downloading ${weights.label}`, kept), weightsId });
  }
  stages.push({
    ...stage('embed', embedId(weightsId), `Embedding the images with ${weights.label}`, missing === 0),
    weightsId,
    needs: [download],
    estimateMs: missing === 0 ? 0 : speed && (missing * 1000) / speed,
  });
  return stages;
}

async function trainingStages(
  context: Context,
  choice: RunChoice,
  subject: Subject,
  speed: number | null,
): Promise<PlannedStage[]> {
  const trains = choice.members.filter(isFineTuned);
  const groups = choice.combine === 'shared' ? (trains.length > 0 ? [trains] : []) : trains.map((member) => [member]);
  if (groups.length === 0) return [];
  const run = await runOf(context, choice, subject);
  const stages: PlannedStage[] = [];
  for (const [group, members] of groups.entries()) {
    const names = members.map(({ weightsId }) => context.weights.label(weightsId));
    const id = `train ${members.map(({ weightsId }) => weightsId).join('+')} ${JSON.stringify(choice.recipe)}`;
    const label = `Training ${members.length > 1 ? 'the heads of' : 'the head of'} ${names.join(' and ')}, ${choice.recipe.classifier}, seed ${choice.recipe.seed}`;
    const kept = run !== null && (await isTrained(context, run, group));
    const features = members.map(({ weightsId }) => context.weights.find(weightsId)?.features ?? 0);
    const { epochs, refit } = choice.recipe;
    const work = epochWork(subject.images, features) * Math.min(epochs, GUESSED_EPOCHS) * (refit ? 2 : 1);
    const needs = members.map(({ weightsId }) => embedId(weightsId));
    const estimateMs = kept ? 0 : trainingMs(work, speed);
    stages.push({ ...stage('train', id, label, kept), choice, group, work, needs, estimateMs });
  }
  return stages;
}

/**
 * What an epoch takes, in proportion: each training image goes through projections [D, 512] and classifiers [512, C], one of each
 * a member. `features`: D of each member. Fit and refit count alike, though the fit learns from fewer images and validates with
 * the others.
 */
export function epochWork(images: readonly ImageRecord[], features: readonly number[]): number {
  const training = images.filter(({ split }) => split === 'training');
  const classes = new Set(training.map(({ className }) => className)).size;
  return training.length * features.reduce((sum, dimensions) => sum + dimensions + classes, 0);
}

/** Milliseconds of that work at that speed; null where the speed is not known. */
export const trainingMs = (work: number, perSecond: number | null): number | null =>
  perSecond === null ? null : (work * 1000) / perSecond;

async function isTrained({ database }: Context, run: Run, group: number): Promise<boolean> {
  const members = trainedTogether(run)[group];
  const known = members && (await getHeads(database, run.datasetId, await headsKey(run, members)));
  return known ? serves(run, known) : false;
}

/**
 * The comparisons that make these runs again, and no others: one for each recipe and each row of consecutive seeds. Of a model
 * that was ranked in several ways the plain run is made; its rankings are scored from it.
 */
export function wantedAgain(choices: readonly RunChoice[]): WantedRuns[] {
  const trained = choices.filter(({ loaded }) => loaded === null);
  const settingsOf = ({ recipe: { seed: _, ...settings } }: RunChoice) =>
    JSON.stringify(Object.entries(settings).sort());
  return grouped(trained, settingsOf).flatMap((ofRecipe) => {
    const [first] = ofRecipe;
    if (!first) return [];
    const comparisons = new Map<string, { from: number; seeds: number; models: RunChoice[] }>();
    const add = (model: RunChoice, [from, seeds]: readonly [number, number]) => {
      const key = `${from}+${seeds}`;
      const known = comparisons.get(key);
      if (known) known.models.push(model);
      else comparisons.set(key, { from, seeds, models: [model] });
    };
    const models = grouped(ofRecipe, ({ members, combine }) => `${membersKey(members)} ${combine}`);
    for (const runs of models) {
      const [model] = runs;
      if (!model || !isSeeded(model)) continue;
      for (const row of consecutive(runs.map(({ recipe }) => recipe.seed))) add(model, row);
    }
    // Made once whatever the seeds, so in any of them.
    const [any = { from: 0, seeds: 1 }] = comparisons.values();
    for (const [model] of models) if (model && !isSeeded(model)) add(model, [any.from, any.seeds]);
    return [...comparisons.values()].map(({ from, seeds, models }) =>
      comparisonOf(models, { ...first.recipe, seed: from }, seeds),
    );
  });
}

function comparisonOf(models: readonly RunChoice[], recipe: RunChoice['recipe'], seeds: number): WantedRuns {
  const singles = new Map<string, SingleChoice>();
  const ensembles = new Map<string, EnsembleChoice>();
  for (const { members, combine } of models) {
    const [only] = members;
    if (combine !== null) {
      const key = membersKey(members);
      ensembles.set(key, { members, combine: [...(ensembles.get(key)?.combine ?? []), combine] });
    } else if (only) {
      const { weightsId, head } = only;
      const known = singles.get(weightsId) ?? { weightsId, frozen: false, finetuned: false };
      singles.set(weightsId, { ...known, [head]: true });
    }
  }
  return { singles: [...singles.values()], ensembles: [...ensembles.values()], recipe, seeds };
}

/** The values in groups of equal keys, each in the order of the first of its kind. */
function grouped<T>(values: readonly T[], keyOf: (value: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return [...groups.values()];
}

/** Where each row of consecutive seeds starts, and how many they are; none is longer than a comparison may be. */
function consecutive(seeds: readonly number[]): (readonly [from: number, count: number])[] {
  const rows: [number, number][] = [];
  for (const seed of [...new Set(seeds)].sort((a, b) => a - b)) {
    const last = rows.at(-1);
    if (last && seed === last[0] + last[1] && last[1] < MOST_SEEDS) last[1]++;
    else rows.push([seed, 1]);
  }
  return rows;
}
