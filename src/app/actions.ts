/**
 * Everything a user can do, as functions. The screens call these and nothing deeper; what concerns the open data set
 * is bound to its workspace. None of them throws but lookUpWeights, whose answer the user waits for: failures go to the
 * failures of jobs.store (or to the search store).
 */
import { resetRecipe, setEnsemble, setRecipe, setSeeds, stopTraining, tickSingle } from './comparison/plan.ts';
import { drawCutoff, drawSimilarities, drawTopK, drawTrainings, saveFigure } from './dashboard/figures.ts';
import { chooseDashboard, neighboursOf, refreshDashboard, setColumns } from './dashboard/load.ts';
import { exportDataset, importDataset } from './dataset/dataset-file.ts';
import { deleteDataset, renameDataset, switchDataset } from './dataset/datasets.ts';
import { firstLook } from './dataset/first-look.ts';
import { addDropped, addFiles, unlockFiles } from './dataset/open.ts';
import { pictureUrl, releaseUrl, thumbnailUrl } from './dataset/pictures.ts';
import {
  addGroundTruth,
  assignRole,
  continueReading,
  decide,
  downloadGroundTruth,
  downloadProblems,
  undoDecision,
} from './dataset/read.ts';
import { jobs } from './jobs/jobs.ts';
import { continueInterrupted, forgetInterrupted, takeOver } from './jobs/resume.ts';
import { embed } from './models/embed.ts';
import { downloadWeights, offerWeights, removeWeights, tickModel } from './models/rows.ts';
import { lookUpWeights } from './models/weights.ts';
import { chooseRun, searchWithRun, setRank } from './search/answering-run.ts';
import { setCutoff } from './search/measure-cutoff.ts';
import { clearQuery, cropQuery, searchFile, searchHash } from './search/query.ts';
import { searchServerGallery, setEfSearch, setGrouped, setIndex, setK } from './search/search-preferences.ts';
import { installApp, keepOffline, takeUpdate } from './settings/install.ts';
import {
  deleteEverything,
  goOnAfterDeletion,
  retryStorage,
  saveStored,
  workInMemory,
} from './settings/mend-storage.ts';
import { setEngine, setNumbers, setTheme, setWorkers } from './settings/preferences.ts';
import { markSeen, showPath } from './settings/show-path.ts';
import { deleteStored, refreshStorage, requestPersistence } from './settings/storage.ts';
import type { Workspace } from './workspace.ts';

/** About the browser and the app, not about a data set. */
const OF_THE_APP = {
  addDropped,
  addFiles,
  continueInterrupted,
  diagnostics: async (what: { readonly messages: boolean }): Promise<string> =>
    (await import('./settings/diagnostics.ts')).diagnostics(what),
  firstLook,
  forgetInterrupted,
  importDataset,
  installApp,
  keepOffline,
  lookUpWeights,
  refreshStorage,
  releaseUrl,
  requestPersistence,
  retryStorage,
  saveFigure,
  saveStored,
  setEngine,
  setNumbers,
  setTheme,
  setWorkers,
  showPath,
  stopTraining,
  switchDataset,
  takeOver,
  takeUpdate,
  thumbnailUrl,
  tryDemo: async (): Promise<void> => (await import('./dataset/demo.ts')).tryDemo(),
  workInMemory,
};

/** About one data set: each takes its workspace first. */
const OF_A_DATASET = {
  addGroundTruth,
  assignRole,
  chooseDashboard,
  chooseRun,
  clearQuery,
  continueReading,
  cropQuery,
  decide,
  deleteDataset,
  deleteEverything,
  deleteStored,
  downloadGroundTruth,
  downloadProblems,
  downloadWeights,
  drawCutoff,
  drawSimilarities,
  drawTopK,
  drawTrainings,
  embed,
  exportDataset,
  goOnAfterDeletion,
  markSeen,
  neighboursOf,
  offerWeights,
  pictureUrl,
  refreshDashboard,
  removeWeights,
  renameDataset,
  resetRecipe,
  searchFile,
  searchHash,
  searchServerGallery,
  searchWithRun,
  setColumns,
  setCutoff,
  setEfSearch,
  setEnsemble,
  setGrouped,
  setIndex,
  setK,
  setRank,
  setRecipe,
  setSeeds,
  tickModel,
  tickSingle,
  undoDecision,
  unlockFiles,
};

const maps = () => import('./dashboard/draw-map.ts');
const pairs = () => import('./dashboard/compare-models.ts');
const editing = () => import('./dashboard/edit-runs.ts');
const embeddings = () => import('./exports/embeddings.ts');
const heads = () => import('./comparison/heads.ts');
const variants = () => import('./models/variants.ts');
const ownVectors = () => import('./models/own-vectors.ts');
const serverGallery = () => import('./search/server-gallery.ts');

/** Actions whose modules load at the first call, since the first screen needs none of them; each by its name there. */
const LATER = {
  chooseBest: () => import('./comparison/best.ts'),
  compareModels: pairs,
  compareOnDemo: () => import('./dataset/demo.ts'),
  deleteRuns: editing,
  describeRuns: editing,
  exportBundle: () => import('./exports/bundle.ts'),
  exportEmbeddings: embeddings,
  exportFigures: () => import('./exports/figures.ts'),
  exportLabels: () => import('./exports/labels.ts'),
  exportParquet: embeddings,
  exportProjector: embeddings,
  exportRanking: () => import('./exports/ranking.ts'),
  exportReport: () => import('./exports/report.ts'),
  findClusters: maps,
  headStory: () => import('./dashboard/story.ts'),
  importVectors: ownVectors,
  importWeights: () => import('./models/import-weights.ts'),
  listVariant: variants,
  loadHead: heads,
  lookAfter: () => import('./dataset/look-after.ts'),
  lookForServerGallery: serverGallery,
  measureServerRecall: serverGallery,
  rankRun: editing,
  redrawMap: maps,
  removeOwnVectors: ownVectors,
  runComparison: () => import('./comparison/run-comparison.ts'),
  runOutdated: () => import('./comparison/run-comparison.ts'),
  saveHead: heads,
  showMap: maps,
  takeAlong: () => import('./search/take-along.ts'),
  unlistVariant: variants,
};

/** The same for actions that no caller waits for. */
const LATER_UNAWAITED = {
  cancelMap: maps,
  exportTable: () => import('./exports/table.ts'),
  saveMapPicture: maps,
  saveMapPoints: maps,
  stopComparing: pairs,
};

/** The same functions on a workspace that is given already. */
type Bound<Actions> = {
  readonly [Name in keyof Actions]: Actions[Name] extends (
    workspace: Workspace,
    ...parameters: infer Parameters
  ) => infer Result
    ? (...parameters: Parameters) => Result
    : never;
};

type Loaders = Readonly<Record<string, () => Promise<object>>>;

/** `never` where a module has no function of that name, which its callers cannot call. */
type Later<Of extends Loaders> = {
  readonly [Name in keyof Of]: Name extends keyof Awaited<ReturnType<Of[Name]>>
    ? Bound<Awaited<ReturnType<Of[Name]>>>[Name]
    : never;
};

export type Actions = typeof OF_THE_APP &
  Bound<typeof OF_A_DATASET> &
  Later<typeof LATER> &
  Later<typeof LATER_UNAWAITED>;

/** What a user can do while this workspace is shown. */
export function actionsOn(workspace: Workspace): Actions {
  const callLoaded = async (name: string, load: () => Promise<object>, given: readonly unknown[]): Promise<unknown> =>
    Reflect.apply(Reflect.get(await load(), name), undefined, [workspace, ...given]);
  const bound = mapped(
    OF_A_DATASET,
    (_, action) =>
      (...given) =>
        Reflect.apply(action, undefined, [workspace, ...given]),
  );
  const later = mapped(
    LATER,
    (name, load) =>
      (...given) =>
        callLoaded(name, load, given),
  );
  const unawaited = mapped(LATER_UNAWAITED, (name, load) => (...given) => {
    callLoaded(name, load, given).catch((error: unknown) => jobs.fail('dashboard', error));
  });
  return {
    ...OF_THE_APP,
    ...(bound as Bound<typeof OF_A_DATASET>),
    ...(later as Later<typeof LATER>),
    ...(unawaited as Later<typeof LATER_UNAWAITED>),
  };
}

/** A function for each entry, under its name. */
function mapped<Entry>(
  entries: Readonly<Record<string, Entry>>,
  functionOf: (name: string, entry: Entry) => (...given: readonly unknown[]) => unknown,
): object {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, functionOf(name, entry)]));
}
