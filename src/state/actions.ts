/**
 * Everything a person can do, as functions. The screens and the headless runner call these and nothing deeper.
 * None of them throws: failures go to jobs.store's failures (or searchStore.error).
 */
export {
  resetRecipe,
  setEnsemble,
  setRecipe,
  setSeeds,
  stopTraining,
  tickSingle,
} from './actions/comparison.ts';
export { setCutoff } from './actions/cutoff.ts';
export { chooseDashboard, neighboursOf, refreshDashboard } from './actions/dashboard.ts';
export { addGroundTruth, assignRole, continueReading, decide, downloadProblems } from './actions/data.ts';
export { exportDataset, importDataset } from './actions/dataset-file.ts';
export { deleteDataset, renameDataset, switchDataset } from './actions/datasets.ts';
export { compareOnDemo, tryDemo } from './actions/demo.ts';
export { embed } from './actions/embed.ts';
export { cancelMap, redrawMap, saveMapPicture, saveMapPoints, showMap } from './actions/embedding-map.ts';
export { drawCutoff, drawSimilarities, drawTopK, drawTrainings, saveFigure } from './actions/figures.ts';
export { installApp, keepOffline, takeUpdate } from './actions/installation.ts';
export { continueInterrupted, forgetInterrupted, takeOver } from './actions/jobs.ts';
export { compareModels, stopComparing } from './actions/leaderboard.ts';
export { downloadWeights, importWeights, removeWeights, tickModel } from './actions/models.ts';
export { addDropped, addFiles, unlockFiles } from './actions/open-data.ts';
export { markSeen, showPath } from './actions/path.ts';
export { pictureUrl, releaseUrl, thumbnailUrl } from './actions/pictures.ts';
export { runComparison } from './actions/run-comparison.ts';
export {
  chooseRun,
  clearQuery,
  cropQuery,
  openRun as searchWithRun,
  searchFile,
  searchHash,
  setEfSearch,
  setIndex,
  setK,
} from './actions/search.ts';
export { setEngine, setNumbers, setTheme, setWorkers } from './actions/settings.ts';
export { start } from './actions/start.ts';
export { deleteStored, refreshStorage, requestPersistence } from './actions/storage.ts';
export {
  deleteEverything,
  goOnAfterDeletion,
  retryStorage,
  saveStored,
  workInMemory,
} from './actions/storage-trouble.ts';

export { diagnostics } from './diagnostics.ts';

import { jobs } from './jobs.ts';

// Loaded when something is saved or loaded: the first screen needs none of it.
const bundles = () => import('./actions/export-bundle.ts');
const embeddings = () => import('./actions/export-embeddings.ts');
const figureFiles = () => import('./actions/export-figures.ts');
const rankingFiles = () => import('./actions/export-ranking.ts');
const heads = () => import('./actions/heads.ts');
const tables = () => import('./actions/export-table.ts');
const reports = () => import('./actions/export-report.ts');

type Exported<Load extends () => Promise<unknown>, Name extends keyof Awaited<ReturnType<Load>>> = Awaited<
  ReturnType<Load>
>[Name];

export const exportBundle: Exported<typeof bundles, 'exportBundle'> = async (runIds) =>
  (await bundles()).exportBundle(runIds);
export const exportEmbeddings: Exported<typeof embeddings, 'exportEmbeddings'> = async (runId, wanted) =>
  (await embeddings()).exportEmbeddings(runId, wanted);
export const exportProjector: Exported<typeof embeddings, 'exportProjector'> = async (runId, wanted, thumbnails) =>
  (await embeddings()).exportProjector(runId, wanted, thumbnails);
export const exportFigures: Exported<typeof figureFiles, 'exportFigures'> = async () =>
  (await figureFiles()).exportFigures();
export const exportRanking: Exported<typeof rankingFiles, 'exportRanking'> = async (runId, format, k) =>
  (await rankingFiles()).exportRanking(runId, format, k);
export const exportReport: Exported<typeof reports, 'exportReport'> = async (runIds, thumbnails) =>
  (await reports()).exportReport(runIds, thumbnails);
export const loadHead: Exported<typeof heads, 'loadHead'> = async (file) => (await heads()).loadHead(file);
export const saveHead: Exported<typeof heads, 'saveHead'> = async (runId) => (await heads()).saveHead(runId);
export const exportTable: Exported<typeof tables, 'exportTable'> = (runIds, format) => {
  tables().then(
    (loaded) => loaded.exportTable(runIds, format),
    (error) => jobs.fail('dashboard', error),
  );
};
