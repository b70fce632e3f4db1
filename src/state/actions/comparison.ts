import * as v from 'valibot';
import { plannedRuns, planStages, type WantedRuns, wantedRunsSchema } from '../../core/plan.ts';
import { membersKey } from '../../core/run-choice.ts';
import { stopTraining as stop } from '../../core/train-heads.ts';
import { defaultRecipe, type Recipe, recipeSchema } from '../../heads/recipe.ts';
import { getRuns } from '../../storage/runs.ts';
import { deleteSetting, getSetting, planKey, putSetting } from '../../storage/settings.ts';
import { comparisonStore, type EnsembleChoice, type SingleChoice } from '../comparison.ts';
import { onOtherDataset, openSubject, whileOpen } from '../dataset-session.ts';
import { datasetStore } from '../datasets.ts';
import { rowOf } from '../evaluation.ts';
import { jobs } from '../jobs.ts';
import { speedOf } from '../models.ts';
import { storedRunSchema, subjectDigest } from '../runs.ts';
import { context, database } from '../session.ts';
import { allWeights } from '../weights.ts';

/** Earlier versions stored one plan, whichever data set was open. */
const ONLY_PLAN = 'comparison';

/** Ends when the plan of the data set that is shown has been read. */
let planRead: Promise<void> = Promise.resolve();
/** Whether it was changed since the data set is shown. */
let changed = false;

onOtherDataset((next) => {
  const { singles } = comparisonStore.getState();
  const unticked = singles.map(({ weightsId }) => ({ weightsId, frozen: false, finetuned: false }));
  comparisonStore.setState({ ...comparisonStore.getInitialState(), singles: unticked });
  changed = false;
  planRead = next === null ? Promise.resolve() : readPlan(next).catch((error) => jobs.fail('comparison', error));
});

async function readPlan(datasetId: string): Promise<void> {
  const open = whileOpen();
  const plan = await storedPlan(datasetId);
  // What is ticked before it has been read counts.
  if (plan && open() && !changed) comparisonStore.setState(plan);
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

/** Called once at start, after the weights are known. */
export async function loadComparison(): Promise<void> {
  await refreshComparison();
  // It was of a data set that is not there any more.
  if (!datasetStore.getState().dataset) await deleteSetting(database, ONLY_PLAN);
}

/** Brings plan and results up to date with the data set, the weights and what is stored. */
export async function refreshComparison(): Promise<void> {
  try {
    const open = whileOpen();
    const { dataset, images } = datasetStore.getState();
    await planRead;
    const subject = await subjectDigest(images);
    const runs = dataset ? [...(await getRuns(database, dataset.id, storedRunSchema)).values()] : [];
    if (!open()) return;
    const known = new Map(comparisonStore.getState().singles.map((single) => [single.weightsId, single]));
    const singles = allWeights().map(
      ({ id }): SingleChoice => known.get(id) ?? { weightsId: id, frozen: false, finetuned: false },
    );
    const current = runs.filter((run) => run.subject === subject).sort((a, b) => a.madeAt - b.madeAt);
    comparisonStore.setState({ singles, runs: current.map(rowOf) });
    await refreshPlan();
  } catch (error) {
    jobs.fail('comparison', error);
  }
}

/** Lists the stages anew, unless they are being carried out. */
export async function refreshPlan(): Promise<void> {
  const state = comparisonStore.getState();
  if (state.running) return;
  const open = whileOpen();
  const done = new Set(state.runs.map(({ id }) => id));
  const stages = await planStages(context, plannedRuns(state), openSubject(), done, speedOf);
  if (open() && !comparisonStore.getState().running) comparisonStore.setState({ stages });
}

export function tickSingle(weightsId: string, head: 'frozen' | 'finetuned', ticked: boolean): void {
  const { singles } = comparisonStore.getState();
  change({
    singles: singles.map((single) => (single.weightsId === weightsId ? { ...single, [head]: ticked } : single)),
  });
}

/** The plan of these models frozen and fine-tuned, once, and of nothing else. */
export function planOnly(weightsIds: readonly string[], recipe: Recipe): void {
  const { singles } = comparisonStore.getState();
  change({
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
export function setEnsemble(ensemble: EnsembleChoice): void {
  const { ensembles } = comparisonStore.getState();
  const key = membersKey(ensemble.members);
  const there = ensembles.some((known) => membersKey(known.members) === key);
  const replaced = ensembles.map((known) => (membersKey(known.members) === key ? ensemble : known));
  change({ ensembles: (there ? replaced : [...ensembles, ensemble]).filter(({ combine }) => combine.length > 0) });
}

/** A sentence for each field that is wrong, by field; nothing is changed then. */
export function setRecipe(part: Partial<Recipe>): Partial<Record<keyof Recipe, string>> {
  const parsed = v.safeParse(recipeSchema, { ...comparisonStore.getState().recipe, ...part });
  if (parsed.success) {
    change({ recipe: parsed.output });
    return {};
  }
  const wrong = v.flatten(parsed.issues).nested ?? {};
  return Object.fromEntries(Object.entries(wrong).flatMap(([field, texts]) => (texts?.[0] ? [[field, texts[0]]] : [])));
}

/** The defaults of a classifier. */
export function resetRecipe(classifier: Recipe['classifier']): void {
  change({ recipe: defaultRecipe(classifier), seeds: 1 });
}

export function setSeeds(seeds: number): void {
  change({ seeds: Math.max(1, Math.min(20, Math.round(seeds))) });
}

/** Ends the training under way after its epoch; the best epoch so far is kept, and the comparison goes on. */
export async function stopTraining(): Promise<void> {
  await stop(context).catch((error) => jobs.fail('comparison', error));
}

function change(
  part: Partial<WantedRuns> | Partial<Pick<ReturnType<typeof comparisonStore.getState>, 'ensembles'>>,
): void {
  changed = true;
  comparisonStore.setState(part);
  const { singles, ensembles, recipe, seeds } = comparisonStore.getState();
  const { dataset } = datasetStore.getState();
  const store = dataset && putSetting(database, planKey(dataset.id), { singles, ensembles, recipe, seeds });
  store?.catch((error) => jobs.fail('comparison', error));
  refreshPlan().catch((error) => jobs.fail('comparison', error));
}
