/**
 * What the screens under test can do: every action is recorded, and does nothing but what stands here. Nothing is read or
 * stored; choices that a screen shows at once are written to the stores, and pictures are drawn from the hash.
 */

import { type Actions, actionsOn } from '../../../src/app/actions.ts';
import type { ComparisonState, RunRow } from '../../../src/app/comparison/comparison.ts';
import * as leaderboard from '../../../src/app/dashboard/compare-models.ts';
import * as figures from '../../../src/app/dashboard/figures.ts';
import type { LoadQueries } from '../../../src/app/dashboard/judged-neighbours.ts';
import * as story from '../../../src/app/dashboard/story.ts';
import { jobs } from '../../../src/app/jobs/jobs.ts';
import type { SearchState } from '../../../src/app/search/search.ts';
import { pathStore } from '../../../src/app/settings/path.ts';
import { type SettingsState, settingsStore } from '../../../src/app/settings/settings.ts';
import { membersKey } from '../../../src/core/run-choice.ts';
import { AppError } from '../../../src/errors.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { BACKBONES } from '../../../src/models/backbones.ts';
import { fakeTrainings } from './fake-comparison.ts';
import { chooseFake, fakeQueries, rankFake } from './fake-dashboard.ts';
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

const succeed = async () => true;
const compare = (change: Partial<ComparisonState>) => workspace().comparison.setState(change);
const runsNow = () => workspace().comparison.getState().runs;
const search = async (change: Partial<SearchState>) => workspace().search.setState(change);
const settle = async (change: Partial<SettingsState>) => settingsStore.setState(change);
const endInterrupted = async () => jobs.interrupted.store.setState({ jobs: [] });
const loadFakeQueries: LoadQueries = async (runId, split) => fakeQueries(runId, split);

/** Whatever is not here does nothing, and resolves to nothing. */
const effects: Partial<Actions> = {
  addDropped: succeed,
  addFiles: succeed,
  continueReading: succeed,
  unlockFiles: succeed,
  embed: succeed,
  downloadWeights: succeed,
  runComparison: succeed,
  chooseBest: succeed,
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
  showPath: (shown) => pathStore.setState({ hidden: !shown }),
  setTheme: (theme) => void settle({ theme }),
  setNumbers: (numbers) => void settle({ numbers }),
  setEngine: (engine) => settle({ engine }),
  setWorkers: (workers) => settle({ workers }),

  async tickModel(id, ticked) {
    workspace().models.setState(({ rows }) => ({
      rows: rows.map((row) => (row.weights.id === id ? { ...row, ticked } : row)),
    }));
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

  tickSingle(id, head, ticked) {
    const { singles } = workspace().comparison.getState();
    compare({ singles: singles.map((single) => (single.weightsId === id ? { ...single, [head]: ticked } : single)) });
  },
  setEnsemble(wanted) {
    const others = workspace()
      .comparison.getState()
      .ensembles.filter(({ members }) => membersKey(members) !== membersKey(wanted.members));
    compare({ ensembles: wanted.combine.length === 0 ? others : [...others, wanted] });
  },
  setRecipe(change) {
    if (!Number.isInteger(change.epochs ?? 1)) return { epochs: 'Epochs must be a whole number from 1 to 1000.' };
    compare({ recipe: { ...workspace().comparison.getState().recipe, ...change } });
    return {};
  },
  resetRecipe: (classifier) => compare({ recipe: defaultRecipe(classifier), seeds: 1 }),
  setSeeds: (seeds) => compare({ seeds }),

  setColumns: async (change) => workspace().dashboard.setState(change),
  async describeRuns(ids, { name, note }) {
    const described = ({ name: _, note: __, ...run }: RunRow) => ({
      ...run,
      ...(name && { name }),
      ...(note && { note }),
    });
    compare({ runs: runsNow().map((run) => (ids.includes(run.id) ? described(run) : run)) });
  },
  deleteRuns: async (ids) => compare({ runs: runsNow().filter(({ id }) => !ids.includes(id)) }),
  rankRun: async (as, rank) => rankFake(as, rank),
  chooseDashboard: async (choice) => chooseFake(choice),
  neighboursOf: async (runId, split) => fakeQueries(runId, split)?.neighbours ?? null,
  // Models are really compared, and figures really drawn, by the synthetic runs' outcomes.
  compareModels: (metric) => leaderboard.compareModels(workspace(), metric),
  stopComparing: () => leaderboard.stopComparing(workspace()),
  headStory: () => story.headStory(workspace(), loadFakeQueries),
  drawTopK: (others) => figures.drawTopK(workspace(), others),
  drawSimilarities: () => figures.drawSimilarities(workspace(), loadFakeQueries),
  drawCutoff: () => figures.drawCutoff(workspace(), loadFakeQueries),
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
  setK: (k) => search({ k }),
  setEfSearch: (efSearch) => search({ efSearch }),
  setRank: (rank) => search({ rank }),
  setGrouped: (grouped) => search({ grouped }),
  setIndex: async (indexChoice) =>
    workspace().search.setState(({ server }) => ({ indexChoice, server: server && { ...server, chosen: false } })),
  searchServerGallery: async () =>
    workspace().search.setState(({ server }) => ({ server: server && { ...server, chosen: true } })),
  async searchHash(hash, crop = null) {
    const { images } = workspace().dataset.getState();
    const image = images.find((candidate) => candidate.hash === hash);
    const neighbours = [...workspace().search.getState().neighbours];
    if (image) await search({ query: { hash, name: image.path, image, crop }, status: 'done', neighbours });
  },
  cropQuery: async (crop) => workspace().search.setState(({ query }) => ({ query: query && { ...query, crop } })),
  clearQuery: () => void search({ query: null, status: 'idle', neighbours: [], timing: null }),
};

/** By the names of the real ones, so that a new action needs no line here. */
export const actions = Object.fromEntries(
  Object.keys(actionsOn(workspace())).map((action) => [
    action,
    (...parameters: readonly unknown[]) => {
      calls.push({ action, parameters });
      const effect: unknown = Reflect.get(effects, action);
      return typeof effect === 'function' ? Reflect.apply(effect, undefined, parameters) : Promise.resolve();
    },
  ]),
) as unknown as Actions;
