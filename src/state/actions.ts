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
export { addGroundTruth, assignRole, continueReading, downloadProblems } from './actions/data.ts';
export { exportDataset, importDataset } from './actions/dataset-file.ts';
export { deleteDataset, renameDataset, switchDataset } from './actions/datasets.ts';
export { compareOnDemo, tryDemo } from './actions/demo.ts';
export { embed } from './actions/embed.ts';
export { cancelMap, redrawMap, saveMapPicture, saveMapPoints, showMap } from './actions/embedding-map.ts';
export { exportBundle } from './actions/export-bundle.ts';
export { exportEmbeddings, exportProjector } from './actions/export-embeddings.ts';
export { exportFigures } from './actions/export-figures.ts';
export { exportRanking } from './actions/export-ranking.ts';
export { exportReport } from './actions/export-report.ts';
export { exportTable } from './actions/export-table.ts';
export { drawCutoff, drawSimilarities, drawTopK, drawTrainings, saveFigure } from './actions/figures.ts';
export { loadHead, saveHead } from './actions/heads.ts';
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
