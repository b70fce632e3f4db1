/**
 * What the screens under test can do: every action is recorded. What needs neither files nor a network is done for real;
 * of the rest, what a screen shows at once is written to the stores, and pictures are drawn from the hash.
 */

import { type Actions, actionsOn } from '../../../src/app/actions.ts';
import type { RunRow } from '../../../src/app/comparison/comparison.ts';
import * as figures from '../../../src/app/dashboard/figures.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import type { SearchState } from '../../../src/app/search/search.ts';
import { AppError } from '../../../src/errors.ts';
import { BACKBONES } from '../../../src/models/backbones.ts';
import { fakeTrainings } from './fake-comparison.ts';
import { fillMap } from './fake-map.ts';
import { workspace } from './fake-workspace.ts';

export const calls: { readonly action: string; readonly parameters: readonly unknown[] }[] = [];

/** A picture a class, each encoded once: JPEG, as the stored thumbnails are. */
const drawn = new Map<number, Promise<Blob>>();

function draw(classAt: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(224, 224);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser draws on no canvas.');
  const hue = (classAt * 47) % 360;
  context.fillStyle = `hsl(${hue} 35% 70%)`;
  context.fillRect(0, 0, 224, 224);
  context.fillStyle = `hsl(${hue} 65% 42%)`;
  context.arc(112, 112, 60, 0, 2 * Math.PI);
  context.fill();
  return canvas.convertToBlob({ type: 'image/jpeg' });
}

/** Object URLs that are handed out and not released. */
export const openUrls = new Set<string>();

async function open(hash: string): Promise<string> {
  const classAt = Number.parseInt(hash.slice(0, 4), 16);
  const picture = drawn.get(classAt) ?? draw(classAt);
  drawn.set(classAt, picture);
  const url = URL.createObjectURL(await picture);
  openUrls.add(url);
  return url;
}

const runsNow = () => workspace().comparison.getState().runs;
const setRuns = (runs: readonly RunRow[]) => workspace().comparison.setState({ runs });
const search = async (change: Partial<SearchState>) => workspace().search.setState(change);
const endInterrupted = async () => jobs.interrupted.store.setState({ jobs: [] });

/** Whatever is not here does nothing, and resolves to nothing. */
const effects: Partial<Actions> = {
  continueInterrupted: endInterrupted,
  forgetInterrupted: endInterrupted,
  diagnostics: async () => 'Likeness 0.1.0\nEngine: WASM, 2 workers',
  firstLook: async () =>
    workspace()
      .dataset.getState()
      .images.every(({ className }) => className === null),
  thumbnailUrl: open,
  pictureUrl: open,
  releaseUrl(url) {
    openUrls.delete(url);
    URL.revokeObjectURL(url);
  },
  async lookUpWeights(text) {
    if (!text.startsWith('timm/')) throw new AppError('bad-argument', `"${text}" names no repository.`);
    const at = { repository: text, revision: 'main', bytes: 46_800_000, licence: 'cc-by-nc-4.0' };
    const limits = 'forbids commercial use';
    const known = BACKBONES.find(({ architecture }) => architecture === 'resnet18');
    if (!known || text.includes('swin')) {
      return { ...at, limits, runs: null, problem: 'There is no network for it.' };
    }
    const sizes = [
      { size: 224, cropPct: 0.95 },
      { size: 288, cropPct: 1 },
    ];
    const weights = { ...known, ...at, id: text.slice(5) };
    return { ...at, limits, runs: { weights, parameters: 11_186_112, sizes, note: null }, problem: null };
  },
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
