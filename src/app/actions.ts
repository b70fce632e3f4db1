/**
 * Everything a user can do, as functions. The screens call these and nothing deeper; what concerns the open data set
 * is bound to its workspace. None of them throws but lookUpWeights, whose answer the user waits for: failures go to the
 * failures of jobs.store (or to the search store).
 */
import { resetRecipe, setEnsemble, setRecipe, setSeeds, stopTraining, tickSingle } from './comparison/plan.ts';
import { setColumns } from './dashboard/columns.ts';
import { drawCutoff, drawSimilarities, drawTopK, drawTrainings, saveFigure } from './dashboard/figures.ts';
import { chooseDashboard, neighboursOf, refreshDashboard } from './dashboard/load.ts';
import { exportDataset, importDataset } from './dataset/dataset-file.ts';
import { deleteDataset, renameDataset, switchDataset } from './dataset/datasets.ts';
import { compareOnDemo, tryDemo } from './dataset/demo.ts';
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
import { downloadWeights, importWeights, offerWeights, removeWeights, tickModel } from './models/rows.ts';
import { lookUpWeights } from './models/weights.ts';
import { chooseRun, searchWithRun, setRank } from './search/answering-run.ts';
import { setCutoff } from './search/measure-cutoff.ts';
import { clearQuery, cropQuery, searchFile, searchHash } from './search/query.ts';
import { searchServerGallery, setEfSearch, setGrouped, setIndex, setK } from './search/search-preferences.ts';
import { diagnostics } from './settings/diagnostics.ts';
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

/** About the browser and the app, whichever data set is open. */
const OF_THE_APP = {
  addDropped,
  addFiles,
  continueInterrupted,
  diagnostics,
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
  tryDemo,
  workInMemory,
};

/** About one data set: each takes its workspace first. */
const OF_A_DATASET = {
  addGroundTruth,
  assignRole,
  chooseDashboard,
  chooseRun,
  clearQuery,
  compareOnDemo,
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
  importWeights,
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

// Loaded at the first call: the first screen needs none of it.
const maps = () => import('./dashboard/draw-map.ts');
const pairs = () => import('./dashboard/compare-models.ts');
const editing = () => import('./dashboard/edit-runs.ts');
const stories = () => import('./dashboard/story.ts');
const bundles = () => import('./exports/bundle.ts');
const embeddings = () => import('./exports/embeddings.ts');
const labelFiles = () => import('./exports/labels.ts');
const figureFiles = () => import('./exports/figures.ts');
const rankingFiles = () => import('./exports/ranking.ts');
const comparison = () => import('./comparison/run-comparison.ts');
const best = () => import('./comparison/best.ts');
const heads = () => import('./comparison/heads.ts');
const care = () => import('./dataset/look-after.ts');
const variants = () => import('./models/variants.ts');
const tables = () => import('./exports/table.ts');
const reports = () => import('./exports/report.ts');
const ownVectors = () => import('./models/own-vectors.ts');
const takingAlong = () => import('./search/take-along.ts');
const serverGallery = () => import('./search/server-gallery.ts');

/** The same functions on a workspace that is given already. */
type Bound<Actions> = {
  readonly [Name in keyof Actions]: Actions[Name] extends (
    workspace: Workspace,
    ...parameters: infer Parameters
  ) => infer Result
    ? (...parameters: Parameters) => Result
    : never;
};

/** The actions of a module that is loaded at the first call. */
type Later<Load extends () => Promise<unknown>, Name extends keyof Awaited<ReturnType<Load>>> = Bound<
  Pick<Awaited<ReturnType<Load>>, Name>
>[Name];

function later(workspace: Workspace) {
  const failed = (error: unknown) => jobs.fail('dashboard', error);
  const showMap: Later<typeof maps, 'showMap'> = async (runId, seed) => (await maps()).showMap(workspace, runId, seed);
  const redrawMap: Later<typeof maps, 'redrawMap'> = async (change) => (await maps()).redrawMap(workspace, change);
  const findClusters: Later<typeof maps, 'findClusters'> = async (count) =>
    (await maps()).findClusters(workspace, count);
  const cancelMap: Later<typeof maps, 'cancelMap'> = () => {
    maps().then((loaded) => loaded.cancelMap(workspace), failed);
  };
  const saveMapPoints: Later<typeof maps, 'saveMapPoints'> = () => {
    maps().then((loaded) => loaded.saveMapPoints(workspace), failed);
  };
  const saveMapPicture = (picture: Blob): void => {
    maps().then((loaded) => loaded.saveMapPicture(picture), failed);
  };
  const compareModels: Later<typeof pairs, 'compareModels'> = async (...given) =>
    (await pairs()).compareModels(workspace, ...given);
  const stopComparing: Later<typeof pairs, 'stopComparing'> = () => {
    pairs().then((loaded) => loaded.stopComparing(workspace), failed);
  };
  const describeRuns: Later<typeof editing, 'describeRuns'> = async (...given) =>
    (await editing()).describeRuns(workspace, ...given);
  const deleteRuns: Later<typeof editing, 'deleteRuns'> = async (ids) => (await editing()).deleteRuns(workspace, ids);
  const rankRun: Later<typeof editing, 'rankRun'> = async (as, rank) => (await editing()).rankRun(workspace, as, rank);
  const headStory: Later<typeof stories, 'headStory'> = async (load) => (await stories()).headStory(workspace, load);
  const exportBundle: Later<typeof bundles, 'exportBundle'> = async (runIds) =>
    (await bundles()).exportBundle(workspace, runIds);
  const exportEmbeddings: Later<typeof embeddings, 'exportEmbeddings'> = async (runId, wanted) =>
    (await embeddings()).exportEmbeddings(workspace, runId, wanted);
  const exportParquet: Later<typeof embeddings, 'exportParquet'> = async (runId, wanted) =>
    (await embeddings()).exportParquet(workspace, runId, wanted);
  const exportLabels: Later<typeof labelFiles, 'exportLabels'> = async (format, wanted) =>
    (await labelFiles()).exportLabels(workspace, format, wanted);
  const exportProjector: Later<typeof embeddings, 'exportProjector'> = async (runId, wanted, thumbnails) =>
    (await embeddings()).exportProjector(workspace, runId, wanted, thumbnails);
  const exportFigures: Later<typeof figureFiles, 'exportFigures'> = async () =>
    (await figureFiles()).exportFigures(workspace);
  const exportRanking: Later<typeof rankingFiles, 'exportRanking'> = async (runId, format, k) =>
    (await rankingFiles()).exportRanking(workspace, runId, format, k);
  const exportReport: Later<typeof reports, 'exportReport'> = async (runIds, thumbnails) =>
    (await reports()).exportReport(workspace, runIds, thumbnails);
  const runComparison: Later<typeof comparison, 'runComparison'> = async (wanted) =>
    (await comparison()).runComparison(workspace, wanted);
  const chooseBest: Later<typeof best, 'chooseBest'> = async (k, budgetMs) =>
    (await best()).chooseBest(workspace, k, budgetMs);
  const loadHead: Later<typeof heads, 'loadHead'> = async (file) => (await heads()).loadHead(workspace, file);
  const saveHead: Later<typeof heads, 'saveHead'> = async (runId) => (await heads()).saveHead(workspace, runId);
  const lookAfter: Later<typeof care, 'lookAfter'> = async (weightsId) =>
    (await care()).lookAfter(workspace, weightsId);
  const importVectors: Later<typeof ownVectors, 'importVectors'> = async (files) =>
    (await ownVectors()).importVectors(workspace, files);
  const lookForServerGallery: Later<typeof serverGallery, 'lookForServerGallery'> = async () =>
    (await serverGallery()).lookForServerGallery(workspace);
  const takeAlong: Later<typeof takingAlong, 'takeAlong'> = async (which, count) =>
    (await takingAlong()).takeAlong(workspace, which, count);
  const measureServerRecall: Later<typeof serverGallery, 'measureServerRecall'> = async () =>
    (await serverGallery()).measureServerRecall(workspace);
  const listVariant: Later<typeof variants, 'listVariant'> = async (weightsId, variant) =>
    (await variants()).listVariant(workspace, weightsId, variant);
  const unlistVariant: Later<typeof variants, 'unlistVariant'> = async (id) =>
    (await variants()).unlistVariant(workspace, id);
  const exportTable: Later<typeof tables, 'exportTable'> = (runIds, format) => {
    tables().then((loaded) => loaded.exportTable(workspace, runIds, format), failed);
  };
  return {
    showMap,
    redrawMap,
    cancelMap,
    findClusters,
    saveMapPoints,
    saveMapPicture,
    compareModels,
    stopComparing,
    describeRuns,
    deleteRuns,
    rankRun,
    headStory,
    runComparison,
    chooseBest,
    exportBundle,
    exportEmbeddings,
    exportLabels,
    exportParquet,
    exportProjector,
    exportFigures,
    exportRanking,
    exportReport,
    loadHead,
    saveHead,
    lookAfter,
    importVectors,
    lookForServerGallery,
    measureServerRecall,
    listVariant,
    unlistVariant,
    takeAlong,
    exportTable,
  };
}

export type Actions = typeof OF_THE_APP & Bound<typeof OF_A_DATASET> & ReturnType<typeof later>;

/** What a user can do while this workspace is shown. */
export function actionsOn(workspace: Workspace): Actions {
  const bound = Object.fromEntries(
    Object.entries(OF_A_DATASET).map(([name, action]) => [
      name,
      (...parameters: never[]) => (action as (...all: unknown[]) => unknown)(workspace, ...parameters),
    ]),
  ) as Bound<typeof OF_A_DATASET>;
  return { ...OF_THE_APP, ...bound, ...later(workspace) };
}
