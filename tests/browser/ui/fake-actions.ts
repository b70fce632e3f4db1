/**
 * What the screens under test can do: every action is recorded. What needs neither files nor a network is done for real;
 * of the rest, what a screen shows at once is written to the stores, and every picture is the same.
 */

import { type Actions, actionsOn } from '../../../src/app/actions.ts';
import * as figures from '../../../src/app/dashboard/figures.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import type { SearchState } from '../../../src/app/search/search.ts';
import { fakeTrainings } from './fake-comparison.ts';

export const calls: { readonly action: string; readonly parameters: readonly unknown[] }[] = [];

/** One picture for all: JPEG, as the stored thumbnails are. */
const canvas = new OffscreenCanvas(224, 224);
canvas.getContext('2d')?.fillRect(0, 0, 112, 224);
const picture = canvas.convertToBlob({ type: 'image/jpeg' });
const open = async () => URL.createObjectURL(await picture);

const endInterrupted = async () => jobs.interrupted.store.setState({ jobs: [] });
const search = async (change: Partial<SearchState>) => workspace().search.setState(change);

/** Whatever is not here does nothing, and says that it came to its end. */
const effects: Partial<Actions> = {
  continueInterrupted: endInterrupted,
  forgetInterrupted: endInterrupted,
  thumbnailUrl: open,
  pictureUrl: open,
  listVariant: async (_, { size }) =>
    size !== null && size < 32 ? 'ResNet-50 takes images of 32 to 1024 pixels a side.' : null,

  describeRuns: async (ids, { name, note }) =>
    workspace().comparison.setState(({ runs }) => ({
      runs: runs.map((run) => (ids.includes(run.id) ? { ...run, name, note } : run)),
    })),
  deleteRuns: async (ids) =>
    workspace().comparison.setState(({ runs }) => ({ runs: runs.filter(({ id }) => !ids.includes(id)) })),
  drawTrainings: () => figures.drawTrainings(workspace(), async (run) => fakeTrainings(run)),

  chooseRun: (runId) => search({ runId }),
  searchWithRun: (runId, rank) => search(rank === undefined ? { runId } : { runId, rank }),
  async searchHash(hash, crop = null) {
    const image = workspace()
      .dataset.getState()
      .images.find((candidate) => candidate.hash === hash);
    const neighbours = [...workspace().search.getState().neighbours];
    if (image) await search({ query: { hash, name: image.path, image, crop }, status: 'done', neighbours });
  },
  cropQuery: async (crop) => workspace().search.setState(({ query }) => ({ query: query && { ...query, crop } })),
};

/** What changes nothing but the workspace and settings, or reads what fillDashboard and fillFeatures store, is done for real. */
const DONE = new Set([
  ...['chooseDashboard', 'rankRun', 'neighboursOf', 'compareModels', 'stopComparing', 'headStory', 'setColumns'],
  ...['drawTopK', 'drawSimilarities', 'drawCutoff', 'showMap', 'redrawMap', 'findClusters', 'cancelMap'],
  ...['tickModel', 'tickSingle', 'setEnsemble', 'setRecipe', 'resetRecipe', 'setSeeds', 'lookUpWeights'],
  ...['setK', 'setEfSearch', 'setGrouped', 'setIndex', 'searchServerGallery', 'setCutoff', 'setRank', 'clearQuery'],
  ...['showPath', 'setTheme', 'setNumbers', 'setEngine', 'setWorkers', 'firstLook', 'releaseUrl'],
]);

function does(action: string, parameters: readonly unknown[]): unknown {
  const from = DONE.has(action) ? actionsOn(workspace()) : effects;
  const effect: unknown = Reflect.get(from, action);
  return typeof effect === 'function' ? Reflect.apply(effect, undefined, parameters) : Promise.resolve(true);
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
