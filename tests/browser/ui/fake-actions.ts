/**
 * What the screens under test can do: every action is recorded. What needs neither files nor a network is done for real;
 * of the rest, what a screen shows at once is written to the stores, and every picture is the same.
 */

import { type Actions, actionsOn } from '../../../src/app/actions.ts';
import type { RunRow } from '../../../src/app/comparison/comparison.ts';
import * as figures from '../../../src/app/dashboard/figures.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import type { SearchState } from '../../../src/app/search/search.ts';
import { fakeTrainings } from './fake-comparison.ts';
import { fillMap } from './fake-map.ts';

export const calls: { readonly action: string; readonly parameters: readonly unknown[] }[] = [];

/** One picture for all, encoded once: JPEG, as the stored thumbnails are. */
let picture: Promise<Blob> | null = null;

function draw(): Promise<Blob> {
  const canvas = new OffscreenCanvas(224, 224);
  canvas.getContext('2d')?.fillRect(0, 0, 112, 224);
  return canvas.convertToBlob({ type: 'image/jpeg' });
}

async function open(): Promise<string> {
  picture ??= draw();
  return URL.createObjectURL(await picture);
}

const runsNow = () => workspace().comparison.getState().runs;
const setRuns = (runs: readonly RunRow[]) => workspace().comparison.setState({ runs });
const search = async (change: Partial<SearchState>) => workspace().search.setState(change);
const endInterrupted = async () => jobs.interrupted.store.setState({ jobs: [] });

/** Whatever is not here does nothing, and resolves to nothing. */
const effects: Partial<Actions> = {
  continueInterrupted: endInterrupted,
  forgetInterrupted: endInterrupted,
  thumbnailUrl: open,
  pictureUrl: open,
  listVariant: async (_, { size }) =>
    size !== null && size < 32 ? 'ResNet-50 takes images of 32 to 1024 pixels a side.' : null,

  describeRuns: async (ids, { name, note }) =>
    setRuns(runsNow().map((run) => (ids.includes(run.id) ? { ...run, name, note } : run))),
  deleteRuns: async (ids) => setRuns(runsNow().filter(({ id }) => !ids.includes(id))),
  drawTrainings: () => figures.drawTrainings(workspace(), async (run) => fakeTrainings(run)),

  async showMap(runId) {
    const { runId: shown, layout } = workspace().map.getState();
    if (shown !== runId || layout === null) fillMap(runId);
  },
  async redrawMap(change) {
    const { runId, seed } = workspace().map.getState();
    if (runId !== null) fillMap(runId, { seed: change === 'next-seed' ? seed + 1 : seed });
  },
  async findClusters(count) {
    const { runId, images } = workspace().map.getState();
    // The first of them is the largest.
    const of = new Map(images.map(({ path }, i) => [path, Math.max(0, (i % ((count ?? 1) + 1)) - 1)]));
    workspace().map.setState({ clusters: count === null || runId === null ? null : { runId, of, count } });
  },
  cancelMap: () => workspace().map.setState({ status: 'cancelled', stage: null, progress: null }),

  setCutoff: async (precision) => workspace().cutoff.setState({ precision }),
  chooseRun: (runId) => search({ runId }),
  searchWithRun: (runId, rank) => search(rank === undefined ? { runId } : { runId, rank }),
  setRank: (rank) => search({ rank }),
  async searchHash(hash, crop = null) {
    const { images } = workspace().dataset.getState();
    const image = images.find((candidate) => candidate.hash === hash);
    const neighbours = [...workspace().search.getState().neighbours];
    if (image) await search({ query: { hash, name: image.path, image, crop }, status: 'done', neighbours });
  },
  cropQuery: async (crop) => workspace().search.setState(({ query }) => ({ query: query && { ...query, crop } })),
};

/** What changes nothing but the workspace and settings, or reads the runs that fillDashboard stores, is done for real. */
const DONE = new Set([
  ...[
    'chooseDashboard',
    'rankRun',
    'neighboursOf',
    'compareModels',
    'stopComparing',
    'headStory',
    'setColumns',
    'clearQuery',
  ],
  ...['drawTopK', 'drawSimilarities', 'drawCutoff', 'showPath', 'setTheme', 'setNumbers', 'setEngine', 'setWorkers'],
  ...['tickModel', 'tickSingle', 'setEnsemble', 'setRecipe', 'resetRecipe', 'setSeeds'],
  ...['firstLook', 'lookUpWeights', 'releaseUrl'],
  ...['setK', 'setEfSearch', 'setGrouped', 'setIndex', 'searchServerGallery'],
]);
/** What works without doing anything. */
const SUCCEEDS = new Set([
  ...[
    'addDropped',
    'addFiles',
    'continueReading',
    'unlockFiles',
    'embed',
    'downloadWeights',
    'runComparison',
    'chooseBest',
  ],
]);

function does(action: string, parameters: readonly unknown[]): unknown {
  const from = DONE.has(action) ? actionsOn(workspace()) : effects;
  const effect: unknown = Reflect.get(from, action);
  if (typeof effect === 'function') return Reflect.apply(effect, undefined, parameters);
  return Promise.resolve(SUCCEEDS.has(action) ? true : undefined);
}

/** By the names of the real ones, so that a new action needs no line here. */
export const actions = Object.fromEntries(
  Object.keys(actionsOn(workspace())).map((action) => [
    action,
    (...parameters: readonly unknown[]) => {
      calls.push({ action, parameters });
      return does(action, parameters);
    },
  ]),
) as unknown as Actions;
