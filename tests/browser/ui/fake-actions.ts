/**
 * What the screens under test can do: nothing is read, computed or stored. What is called is recorded; pictures are
 * drawn from the hash. The choices that a screen shows at once are written to the stores.
 */

import type { Actions } from '../../../src/app/actions.ts';
import { defaultRecipe, type EnsembleChoice } from '../../../src/app/comparison/comparison.ts';
import * as leaderboard from '../../../src/app/dashboard/compare-models.ts';
import * as figures from '../../../src/app/dashboard/figures.ts';
import type { LoadQueries } from '../../../src/app/dashboard/judged-neighbours.ts';
import * as story from '../../../src/app/dashboard/story.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { pathStore } from '../../../src/app/settings/path.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import { AppError } from '../../../src/errors.ts';
import type { Weights } from '../../../src/types.ts';
import { fakeTrainings } from './fake-comparison.ts';
import { chooseFake, deleteFake, describeFake, fakeNeighbours, fakeQueries, rankFake } from './fake-dashboard.ts';
import { fillMap } from './fake-map.ts';
import { workspace } from './fake-workspace.ts';

export const calls: { readonly action: string; readonly parameters: readonly unknown[] }[] = [];

function recorded<Parameters extends readonly unknown[]>(
  action: string,
  effect: (...parameters: Parameters) => void = () => {},
): (...parameters: Parameters) => Promise<void> {
  return (...parameters) => {
    calls.push({ action, parameters });
    effect(...parameters);
    return Promise.resolve();
  };
}

const SIDE = 224;
const VARIANTS = 16;
/** A few pictures a class, each encoded once: JPEG, as the stored thumbnails are. */
const drawn = new Map<string, Promise<Blob>>();

/** The class's colour with a shape of its own. */
function draw(classAt: number, variant: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser draws on no canvas.');
  const hue = (classAt * 47) % 360;
  const disc = (x: number, y: number, radius: number, colour: string): void => {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x * SIDE, y * SIDE, radius * SIDE, 0, 2 * Math.PI);
    context.fill();
  };
  context.fillStyle = `hsl(${hue} 35% ${58 + (variant % 5) * 6}%)`;
  context.fillRect(0, 0, SIDE, SIDE);
  const x = 0.2 + ((variant * 37) % 60) / 100;
  const y = 0.2 + ((variant * 53) % 60) / 100;
  const radius = 0.12 + ((variant * 7) % 26) / 100;
  disc(x, y, radius, `hsl(${hue} 65% 42%)`);
  disc(x - radius / 3, y - radius / 3, radius / 4, `hsl(${hue} 80% 80%)`);
  return canvas.convertToBlob({ type: 'image/jpeg' });
}

/** Object URLs that are handed out and not released. */
export const openUrls = new Set<string>();

async function open(hash: string): Promise<string> {
  const classAt = Number.parseInt(hash.slice(0, 4), 16);
  const variant = Number.parseInt(hash.slice(4, 12), 16) % VARIANTS;
  const key = `${classAt} ${variant}`;
  const picture = drawn.get(key) ?? draw(classAt, variant);
  drawn.set(key, picture);
  const url = URL.createObjectURL(await picture);
  openUrls.add(url);
  return url;
}

export const keepOffline: Actions['keepOffline'] = () => void recorded('keepOffline')();
export const takeUpdate: Actions['takeUpdate'] = () => void recorded('takeUpdate')();
export const installApp: Actions['installApp'] = recorded('installApp');
export const addDropped: Actions['addDropped'] = (items) => recorded('addDropped')(items).then(() => true);
export const addFiles: Actions['addFiles'] = (files) => recorded('addFiles')(files).then(() => true);
export const firstLook: Actions['firstLook'] = () =>
  recorded('firstLook')().then(() =>
    workspace()
      .dataset.getState()
      .images.every(({ className }) => className === null),
  );
export const decide: Actions['decide'] = recorded('decide');
export const assignRole: Actions['assignRole'] = recorded('assignRole');
export const addGroundTruth: Actions['addGroundTruth'] = recorded('addGroundTruth');
export const lookAfter: Actions['lookAfter'] = recorded('lookAfter');
export const undoDecision: Actions['undoDecision'] = recorded('undoDecision');
export const downloadGroundTruth: Actions['downloadGroundTruth'] = () => void recorded('downloadGroundTruth')();
export const downloadProblems: Actions['downloadProblems'] = () => void recorded('downloadProblems')();
export const continueReading: Actions['continueReading'] = () => recorded('continueReading')().then(() => true);
export const unlockFiles: Actions['unlockFiles'] = () => recorded('unlockFiles')().then(() => true);
export const switchDataset: Actions['switchDataset'] = recorded('switchDataset');
export const renameDataset: Actions['renameDataset'] = recorded('renameDataset');
export const deleteDataset: Actions['deleteDataset'] = recorded('deleteDataset');

export const exportDataset: Actions['exportDataset'] = recorded('exportDataset');
export const importDataset: Actions['importDataset'] = recorded('importDataset');

export const markSeen: Actions['markSeen'] = (screen) => void recorded('markSeen')(screen);
export const showPath: Actions['showPath'] = (shown) => {
  void recorded('showPath')(shown);
  pathStore.setState({ hidden: !shown });
};
export const tryDemo: Actions['tryDemo'] = recorded('tryDemo');
export const compareOnDemo: Actions['compareOnDemo'] = recorded('compareOnDemo');

export const tickModel: Actions['tickModel'] = recorded('tickModel', (id, ticked) =>
  workspace().models.setState(({ rows }) => ({
    rows: rows.map((row) => (row.weights.id === id ? { ...row, ticked } : row)),
  })),
);
export const embed: Actions['embed'] = () => recorded('embed')().then(() => true);
export const downloadWeights: Actions['downloadWeights'] = (id) => recorded('downloadWeights')(id).then(() => true);
export const importWeights: Actions['importWeights'] = recorded('importWeights');
export const lookUpWeights: Actions['lookUpWeights'] = async (text) => {
  await recorded('lookUpWeights')(text);
  if (!text.startsWith('timm/')) throw new AppError('bad-argument', `"${text}" names no repository.`);
  const at = { repository: text, revision: 'main', bytes: 46_800_000, licence: 'cc-by-nc-4.0' };
  const limits = 'forbids commercial use';
  if (text.includes('swin')) return { ...at, limits, runs: null, problem: 'There is no network for it.' };
  const weights: Weights = {
    id: text.slice(5),
    architecture: 'resnet18',
    label: 'ResNet-18',
    summary: '',
    features: 512,
    origin: 'hub',
    ...at,
  };
  const sizes = [
    { size: 224, cropPct: 0.95 },
    { size: 288, cropPct: 1 },
  ];
  return { ...at, limits, runs: { weights, parameters: 11_186_112, sizes, note: null }, problem: null };
};
export const offerWeights: Actions['offerWeights'] = recorded('offerWeights');
export const listVariant: Actions['listVariant'] = async (weightsId, variant) => {
  await recorded('listVariant')(weightsId, variant);
  return variant.size !== null && variant.size < 32 ? 'ResNet-50 takes images of 32 to 1024 pixels a side.' : null;
};
export const unlistVariant: Actions['unlistVariant'] = recorded('unlistVariant');
export const removeWeights: Actions['removeWeights'] = recorded('removeWeights');

export const chooseRun: Actions['chooseRun'] = recorded('chooseRun', (runId) => workspace().search.setState({ runId }));
export const tickSingle: Actions['tickSingle'] = (...parameters) =>
  void recorded('tickSingle', (weightsId: string, head: 'frozen' | 'finetuned', ticked: boolean) =>
    workspace().comparison.setState(({ singles }) => ({
      singles: singles.map((single) => (single.weightsId === weightsId ? { ...single, [head]: ticked } : single)),
    })),
  )(...parameters);
const membersOf = ({ members }: EnsembleChoice): string =>
  members
    .map(({ weightsId, head }) => weightsId + head)
    .sort()
    .join();
export const setEnsemble: Actions['setEnsemble'] = (wanted) => {
  void recorded('setEnsemble')(wanted);
  workspace().comparison.setState(({ ensembles }) => {
    const others = ensembles.filter((ensemble) => membersOf(ensemble) !== membersOf(wanted));
    return { ensembles: wanted.combine.length === 0 ? others : [...others, wanted] };
  });
};
export const setRecipe: Actions['setRecipe'] = (change) => {
  void recorded('setRecipe')(change);
  const { epochs = 1 } = change;
  if (!Number.isInteger(epochs)) return { epochs: 'Epochs must be a whole number from 1 to 1000.' };
  workspace().comparison.setState(({ recipe }) => ({ recipe: { ...recipe, ...change } }));
  return {};
};
export const resetRecipe: Actions['resetRecipe'] = (classifier) => {
  void recorded('resetRecipe')(classifier);
  workspace().comparison.setState({ recipe: defaultRecipe(classifier), seeds: 1 });
};
export const setSeeds: Actions['setSeeds'] = (seeds) => workspace().comparison.setState({ seeds });
export const runComparison: Actions['runComparison'] = () => recorded('runComparison')().then(() => true);
export const chooseBest: Actions['chooseBest'] = (...parameters) =>
  recorded('chooseBest')(...parameters).then(() => true);
export const continueInterrupted: Actions['continueInterrupted'] = recorded('continueInterrupted', () =>
  jobs.interrupted.store.setState({ jobs: [] }),
);
export const forgetInterrupted: Actions['forgetInterrupted'] = recorded('forgetInterrupted', () =>
  jobs.interrupted.store.setState({ jobs: [] }),
);
export const takeOver: Actions['takeOver'] = recorded('takeOver');
export const stopTraining: Actions['stopTraining'] = recorded('stopTraining');
export const saveHead: Actions['saveHead'] = recorded('saveHead');
export const loadHead: Actions['loadHead'] = recorded('loadHead');

export const refreshDashboard: Actions['refreshDashboard'] = recorded('refreshDashboard');
export const headStory: Actions['headStory'] = () => story.headStory(workspace(), loadFakeQueries);
export const setColumns: Actions['setColumns'] = recorded('setColumns', (change: object) =>
  workspace().dashboard.setState(change),
);
export const describeRuns: Actions['describeRuns'] = recorded('describeRuns', describeFake);
export const deleteRuns: Actions['deleteRuns'] = recorded('deleteRuns', deleteFake);
export const rankRun: Actions['rankRun'] = recorded('rankRun', rankFake);
export const chooseDashboard: Actions['chooseDashboard'] = recorded('chooseDashboard', chooseFake);
// Models are really compared, by the synthetic runs' outcomes.
export const compareModels: Actions['compareModels'] = (metric) => {
  void recorded('compareModels')(metric);
  return leaderboard.compareModels(workspace(), metric);
};
export const stopComparing: Actions['stopComparing'] = () => {
  void recorded('stopComparing')();
  leaderboard.stopComparing(workspace());
};
export const neighboursOf: Actions['neighboursOf'] = (runId, split) => Promise.resolve(fakeNeighbours(runId, split));

const loadFakeQueries: LoadQueries = (runId, split) => Promise.resolve(fakeQueries(runId, split));
// Figures are the real ones, of the stores' synthetic runs.
export const drawTopK: Actions['drawTopK'] = (others) => figures.drawTopK(workspace(), others);
export const drawSimilarities: Actions['drawSimilarities'] = () =>
  figures.drawSimilarities(workspace(), loadFakeQueries);
export const drawCutoff: Actions['drawCutoff'] = () => figures.drawCutoff(workspace(), loadFakeQueries);
export const drawTrainings: Actions['drawTrainings'] = () =>
  figures.drawTrainings(workspace(), (run) => Promise.resolve(fakeTrainings(run)));
export const saveFigure: Actions['saveFigure'] = recorded('saveFigure');

export const exportRanking: Actions['exportRanking'] = recorded('exportRanking');
export const exportReport: Actions['exportReport'] = recorded('exportReport');
export const exportTable: Actions['exportTable'] = (...parameters) => void recorded('exportTable')(...parameters);
export const exportFigures: Actions['exportFigures'] = recorded('exportFigures');
export const exportLabels: Actions['exportLabels'] = recorded('exportLabels');
export const exportParquet: Actions['exportParquet'] = recorded('exportParquet');
export const exportEmbeddings: Actions['exportEmbeddings'] = recorded('exportEmbeddings');
export const exportProjector: Actions['exportProjector'] = recorded('exportProjector');
export const exportBundle: Actions['exportBundle'] = recorded('exportBundle');

export const setCutoff: Actions['setCutoff'] = recorded('setCutoff', (precision) =>
  workspace().cutoff.setState({ precision }),
);
export const showMap: Actions['showMap'] = recorded('showMap', (runId) => {
  const { runId: shown, layout } = workspace().map.getState();
  if (shown !== runId || layout === null) fillMap(runId);
});
export const redrawMap: Actions['redrawMap'] = recorded('redrawMap', (change) => {
  const { runId, seed } = workspace().map.getState();
  if (runId !== null) fillMap(runId, { seed: change === 'next-seed' ? seed + 1 : seed });
});
export const findClusters: Actions['findClusters'] = recorded('findClusters', (count) => {
  const { runId, images } = workspace().map.getState();
  // The first of them is the largest.
  const of = new Map(images.map(({ path }, i) => [path, Math.max(0, (i % ((count ?? 1) + 1)) - 1)]));
  workspace().map.setState({ clusters: count === null || runId === null ? null : { runId, of, count } });
});
export const cancelMap: Actions['cancelMap'] = () =>
  void recorded('cancelMap', () => workspace().map.setState({ status: 'cancelled', stage: null, progress: null }))();
export const saveMapPoints: Actions['saveMapPoints'] = () => void recorded('saveMapPoints')();
export const saveMapPicture: Actions['saveMapPicture'] = (picture) => void recorded('saveMapPicture')(picture);

export const setK: Actions['setK'] = recorded('setK', (k) => workspace().search.setState({ k }));
export const setIndex: Actions['setIndex'] = recorded('setIndex', (indexChoice) =>
  workspace().search.setState(({ server }) => ({ indexChoice, server: server && { ...server, chosen: false } })),
);
export const setEfSearch: Actions['setEfSearch'] = recorded('setEfSearch', (efSearch) =>
  workspace().search.setState({ efSearch }),
);
export const setRank: Actions['setRank'] = recorded('setRank', (rank) => workspace().search.setState({ rank }));
export const setGrouped: Actions['setGrouped'] = recorded('setGrouped', (grouped) =>
  workspace().search.setState({ grouped }),
);
export const searchWithRun: Actions['searchWithRun'] = recorded('searchWithRun', (runId, rank) =>
  workspace().search.setState(rank === undefined ? { runId } : { runId, rank }),
);
export const takeAlong: Actions['takeAlong'] = recorded('takeAlong');
export const importVectors: Actions['importVectors'] = recorded('importVectors');
export const lookForServerGallery: Actions['lookForServerGallery'] = recorded('lookForServerGallery');
export const measureServerRecall: Actions['measureServerRecall'] = recorded('measureServerRecall');
export const searchServerGallery: Actions['searchServerGallery'] = recorded('searchServerGallery', () =>
  workspace().search.setState(({ server }) => ({ server: server && { ...server, chosen: true } })),
);
export const searchFile: Actions['searchFile'] = recorded('searchFile');
export const searchHash: Actions['searchHash'] = recorded('searchHash', (hash, crop = null) => {
  const image =
    workspace()
      .dataset.getState()
      .images.find((candidate) => candidate.hash === hash) ?? null;
  if (image === null) return;
  workspace().search.setState(({ neighbours }) => ({
    query: { hash, name: image.path, image, crop },
    status: 'done',
    neighbours: [...neighbours],
  }));
});
export const cropQuery: Actions['cropQuery'] = recorded('cropQuery', (crop) =>
  workspace().search.setState(({ query }) => ({ query: query && { ...query, crop } })),
);
export const clearQuery: Actions['clearQuery'] = () =>
  void recorded('clearQuery', () =>
    workspace().search.setState({ query: null, status: 'idle', neighbours: [], timing: null }),
  )();

export const thumbnailUrl: Actions['thumbnailUrl'] = open;
export const pictureUrl: Actions['pictureUrl'] = open;
export const releaseUrl: Actions['releaseUrl'] = (url) => {
  openUrls.delete(url);
  URL.revokeObjectURL(url);
};

export const setTheme: Actions['setTheme'] = (theme) => settingsStore.setState({ theme });
export const setNumbers: Actions['setNumbers'] = (numbers) => settingsStore.setState({ numbers });
export const setEngine: Actions['setEngine'] = recorded('setEngine', (engine) => settingsStore.setState({ engine }));
export const setWorkers: Actions['setWorkers'] = recorded('setWorkers', (workers) =>
  settingsStore.setState({ workers }),
);
export const refreshStorage: Actions['refreshStorage'] = recorded('refreshStorage');
export const requestPersistence: Actions['requestPersistence'] = recorded('requestPersistence');
export const deleteStored: Actions['deleteStored'] = recorded('deleteStored');
export const deleteEverything: Actions['deleteEverything'] = recorded('deleteEverything');
export const goOnAfterDeletion: Actions['goOnAfterDeletion'] = recorded('goOnAfterDeletion');
export const retryStorage: Actions['retryStorage'] = recorded('retryStorage');
export const saveStored: Actions['saveStored'] = recorded('saveStored');
export const workInMemory: Actions['workInMemory'] = recorded('workInMemory');
export const diagnostics: Actions['diagnostics'] = () => Promise.resolve('Likeness 0.1.0\nEngine: WASM, 2 workers');
