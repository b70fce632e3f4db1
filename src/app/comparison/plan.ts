import * as v from 'valibot';
import { plannedRuns, planStages, type Speeds, type WantedRuns, wantedRunsSchema } from '../../core/plan.ts';
import { isFineTuned, membersKey, type RunChoice } from '../../core/run-choice.ts';
import { stopTraining as stop } from '../../core/train-heads.ts';
import { defaultRecipe, type Recipe, recipeSchema } from '../../heads/recipe.ts';
import { getRuns } from '../../storage/runs.ts';
import { deleteSetting, getSetting, planKey, putSetting } from '../../storage/settings.ts';
import { context, database } from '../context.ts';
import { openSubject } from '../dataset/session.ts';
import { jobs } from '../jobs/jobs.ts';
import { speedIn } from '../models/models.ts';
import { trainingRate } from '../models/rates.ts';
import { allWeights } from '../models/weights.ts';
import type { Workspace } from '../workspace.ts';
import type { BestView, ComparisonState, EnsembleChoice, SingleChoice } from './comparison.ts';
import { findFrozenOnly, fineTunable } from './fine-tunable.ts';
import { rowsOf, runId, type StoredRun, storedRunSchema, subjectDigest } from './runs.ts';

/** Earlier versions stored one plan for all data sets. */
const ONLY_PLAN = 'comparison';

/** Reads the stored plan of the data set that has been opened. */
export function restorePlan(workspace: Workspace, datasetId: string): void {
  workspace.planning.read = readPlan(workspace, datasetId).catch((error) => jobs.fail('comparison', error));
}

async function readPlan(workspace: Workspace, datasetId: string): Promise<void> {
  const plan = await storedPlan(datasetId);
  // What is ticked before it has been read counts.
  if (!plan || workspace.planning.changed) return;
  workspace.planning.changed = true;
  workspace.comparison.setState(plan);
}

/** The first data set that is opened takes the one plan over: it is the one that was open last. */
async function storedPlan(datasetId: string): Promise<WantedRuns | null> {
  const own = await getSetting(database, planKey(datasetId), wantedRunsSchema);
  if (own) return own;
  const only = await getSetting(database, ONLY_PLAN, wantedRunsSchema);
  if (!only) return null;
  await putSetting(database, planKey(datasetId), only);
  await deleteSetting(database, ONLY_PLAN);
  return only;
}

/** For when there is no data set any more whose plan it was. */
export const dropOnlyPlan = (): Promise<void> => deleteSetting(database, ONLY_PLAN);

/** What is scored of the open data set on the images and labels that it has now, the oldest first. */
export const currentRuns = async (workspace: Workspace): Promise<StoredRun[]> => (await runsByAge(workspace)).current;

/** The same, and what was scored on others: that comes back where a decision is undone, or is made again. */
async function runsByAge(
  workspace: Workspace,
): Promise<{ readonly current: StoredRun[]; readonly outdated: StoredRun[]; readonly subject: string }> {
  const { dataset, images } = workspace.dataset.getState();
  const subject = await subjectDigest(images);
  const runs = dataset ? [...(await getRuns(database, dataset.id, storedRunSchema)).values()] : [];
  const sorted = runs.sort((a, b) => a.madeAt - b.madeAt);
  return {
    current: sorted.filter((run) => run.subject === subject),
    outdated: sorted.filter((run) => run.subject !== subject),
    subject,
  };
}

/** Brings plan and results up to date with the data set, the weights and what is stored. */
export async function refreshComparison(workspace: Workspace): Promise<void> {
  try {
    await workspace.planning.read;
    const { current: runs, outdated, subject } = await runsByAge(workspace);
    // Which singles are ticked follows from it.
    workspace.comparison.setState({ frozenOnly: await findFrozenOnly(workspace) });
    workspace.comparison.setState(({ best }) => ({
      singles: singlesOf(workspace, runs),
      runs: rowsOf(runs),
      outdated: outdated.map(({ choice }) => choice),
      best: ageOf(best ?? chosenBefore(runs) ?? chosenBefore(outdated), subject),
    }));
    await refreshPlan(workspace);
  } catch (error) {
    jobs.fail('comparison', error);
  }
}

/** The latest choice of the best model among these runs; null where there is none. */
function chosenBefore(runs: readonly StoredRun[]): BestView | null {
  const all = runs.flatMap(({ choice, subject, chosen = [] }) =>
    chosen.map((one) => ({ ...one, subject, runId: runId(choice) })),
  );
  const [latest] = all.toSorted((a, b) => b.chosenAt - a.chosenAt);
  if (!latest) return null;
  const { k, path, subject } = latest;
  return { k, state: 'done', path, found: latest, runId: latest.runId, subject, outdated: false };
}

const ageOf = (best: BestView | null, subject: string): BestView | null =>
  best && { ...best, outdated: best.subject !== subject };

/** As they were ticked; in a plan that the user has not touched, what is embedded is ticked: it has its frozen run. */
function singlesOf(workspace: Workspace, runs: readonly StoredRun[]): SingleChoice[] {
  const { changed } = workspace.planning;
  const known = new Map(workspace.comparison.getState().singles.map((single) => [single.weightsId, single]));
  const embedded = new Set(
    runs.flatMap(({ choice: { members } }) =>
      members.length === 1 ? members.filter((member) => !isFineTuned(member)).map(({ weightsId }) => weightsId) : [],
    ),
  );
  const finetuned = fineTunable(workspace);
  return allWeights().map(({ id }) => {
    const kept = changed ? known.get(id) : undefined;
    if (kept) return kept;
    const ticked = !changed && embedded.has(id);
    return { weightsId: id, frozen: ticked, finetuned: ticked && finetuned(id) };
  });
}

/** Ticks what has just been embedded, where nothing of it is ticked. */
export function tickEmbedded(workspace: Workspace, weightsIds: readonly string[]): void {
  const { singles } = workspace.comparison.getState();
  const isNew = ({ weightsId, frozen, finetuned }: SingleChoice) =>
    weightsIds.includes(weightsId) && !frozen && !finetuned;
  if (!singles.some(isNew)) return;
  const finetuned = fineTunable(workspace);
  change(workspace, {
    singles: singles.map((single) =>
      isNew(single) ? { ...single, frozen: true, finetuned: finetuned(single.weightsId) } : single,
    ),
  });
}

export const speedsOf = (workspace: Workspace): Speeds => ({
  embedding: (weightsId) => speedOf(workspace, weightsId),
  training: trainingRate(),
});

/** Images a second that these weights were measured at, as the models screen has it or, before it is counted, the runs. */
function speedOf(workspace: Workspace, weightsId: string): number | null {
  const speed = speedIn(workspace.models.getState().rows, weightsId);
  if (speed !== null) return speed;
  const { runs } = workspace.comparison.getState();
  const frozen = runs.find(({ choice: { members } }) => members.length === 1 && members[0]?.weightsId === weightsId);
  return frozen?.result.timing.imagesPerSecond ?? null;
}

/** All runs that are ticked and that this data set allows: a plan may be older than its roles and labels. */
export function possibleRuns(workspace: Workspace, wanted: WantedRuns): RunChoice[] {
  const finetuned = fineTunable(workspace);
  return plannedRuns(wanted).filter(({ members }) =>
    members.every((member) => !isFineTuned(member) || finetuned(member.weightsId)),
  );
}

/** Lists the stages again, unless they are being carried out. */
async function refreshPlan(workspace: Workspace): Promise<void> {
  const state = workspace.comparison.getState();
  if (state.running) return;
  const done = new Set(state.runs.map(({ id }) => id));
  const runs = possibleRuns(workspace, state);
  const stages = await planStages(context, runs, openSubject(workspace), done, speedsOf(workspace));
  if (!workspace.comparison.getState().running) workspace.comparison.setState({ stages });
}

export function tickSingle(
  workspace: Workspace,
  weightsId: string,
  head: 'frozen' | 'finetuned',
  ticked: boolean,
): void {
  const { singles } = workspace.comparison.getState();
  change(workspace, {
    singles: singles.map((single) => (single.weightsId === weightsId ? { ...single, [head]: ticked } : single)),
  });
}

/** The plan of these models frozen and fine-tuned, once, and of nothing else. */
export function planOnly(workspace: Workspace, weightsIds: readonly string[], recipe: Recipe): void {
  const { singles } = workspace.comparison.getState();
  change(workspace, {
    singles: singles.map(({ weightsId }) => {
      const ticked = weightsIds.includes(weightsId);
      return { weightsId, frozen: ticked, finetuned: ticked };
    }),
    ensembles: [],
    recipe,
    seeds: 1,
  });
}

/** Adds an ensemble, or replaces the one of the same members (no combination: removes it). */
export function setEnsemble(workspace: Workspace, ensemble: EnsembleChoice): void {
  const { ensembles } = workspace.comparison.getState();
  const key = membersKey(ensemble.members);
  const there = ensembles.some((known) => membersKey(known.members) === key);
  const replaced = ensembles.map((known) => (membersKey(known.members) === key ? ensemble : known));
  change(workspace, {
    ensembles: (there ? replaced : [...ensembles, ensemble]).filter(({ combine }) => combine.length > 0),
  });
}

/** A sentence for each field that is wrong, by field; nothing is changed then. */
export function setRecipe(workspace: Workspace, part: Partial<Recipe>): Partial<Record<keyof Recipe, string>> {
  const parsed = v.safeParse(recipeSchema, { ...workspace.comparison.getState().recipe, ...part });
  if (parsed.success) {
    change(workspace, { recipe: parsed.output });
    return {};
  }
  const wrong = v.flatten(parsed.issues).nested ?? {};
  return Object.fromEntries(Object.entries(wrong).flatMap(([field, texts]) => (texts?.[0] ? [[field, texts[0]]] : [])));
}

/** The defaults of a classifier. */
export function resetRecipe(workspace: Workspace, classifier: Recipe['classifier']): void {
  change(workspace, { recipe: defaultRecipe(classifier), seeds: 1 });
}

export function setSeeds(workspace: Workspace, seeds: number): void {
  change(workspace, { seeds: Math.max(1, Math.min(20, Math.round(seeds))) });
}

/** Ends the training under way after its epoch; the best epoch so far is kept, and the comparison goes on. */
export async function stopTraining(): Promise<void> {
  await stop(context).catch((error) => jobs.fail('comparison', error));
}

function change(
  workspace: Workspace,
  part: Partial<Pick<ComparisonState, 'singles' | 'ensembles' | 'recipe' | 'seeds'>>,
): void {
  workspace.planning.changed = true;
  workspace.comparison.setState(part);
  const { singles, ensembles, recipe, seeds } = workspace.comparison.getState();
  const { dataset } = workspace.dataset.getState();
  const store = dataset && putSetting(database, planKey(dataset.id), { singles, ensembles, recipe, seeds });
  store?.catch((error) => jobs.fail('comparison', error));
  refreshPlan(workspace).catch((error) => jobs.fail('comparison', error));
}
