import type { Change } from '../core/context.ts';
import { AppError } from '../errors.ts';
import { defaultRecipe } from '../heads/recipe.ts';
import { numeral } from '../numerals.ts';
import type { Problem } from '../types.ts';
import type { Part, Until } from './catch-up.ts';
import { refreshComparison, restorePlan } from './comparison/plan.ts';
import { frozenChoice, rowsOf, runId } from './comparison/runs.ts';
import { context } from './context.ts';
import { changeSession } from './dataset/session.ts';
import { downloadBy, type Job, jobs, type Screen } from './jobs/jobs.ts';
import { needsFiles } from './jobs/resume.ts';
import { changeRow, downloadWeights, refreshModels } from './models/rows.ts';
import { cachedWeights, findWeightsById } from './models/weights.ts';
import { openedStore, openedWorkspace } from './opened.ts';
import { followBest } from './search/answering-run.ts';
import { watchCutoff } from './search/measure-cutoff.ts';
import { searchAgain } from './search/query.ts';
import { retryWithFiles } from './search/retry.ts';
import { restoreSearch } from './search/search-preferences.ts';
import { refreshStorage, storeWaiting } from './settings/storage.ts';
import type { Workspace } from './workspace.ts';

/**
 * What is read again after a change, and what that waits for: what a job tells on its way is read at its end, since what
 * the screens show of it meanwhile comes with the change.
 */
const READ_AGAIN: Partial<Record<Change['kind'], readonly [parts: readonly Part[] | undefined, until: Until]>> = {
  'run-scored': [['comparison', 'search', 'models', 'storage'], 'job'],
  features: [['comparison', 'interrupted', 'models', 'storage'], 'job'],
  images: [undefined, 'action'],
  results: [['comparison', 'models', 'storage'], 'now'],
  weights: [['comparison', 'search', 'models', 'storage'], 'now'],
  datasets: [['storage'], 'now'],
  room: [['storage'], 'now'],
};

/** From now on the open workspace shows what changes of its data set; called once at start. */
export function followChanges(): void {
  context.changes.on((change) => {
    const workspace = openedWorkspace();
    // What ends late for another data set, this workspace does not show.
    if ('datasetId' in change && change.datasetId !== workspace.session?.stored.id) return;
    show(workspace, change);
    const again = READ_AGAIN[change.kind];
    if (again) workspace.catchUp.touch(...again);
  });
  const ends = new Map<Job, () => void>();
  jobs.on((event) => {
    // What it made could be stored: a notice that there is no room may no longer hold.
    if (event.kind === 'ended' && event.finished) void storeWaiting().catch(() => {});
    if (event.kind === 'ended-elsewhere' || event.scope === null) return;
    const workspace = openedWorkspace();
    const open = event.scope === workspace.session?.stored.id;
    if (event.kind === 'started' && open) ends.set(event.job, workspace.catchUp.hold('job'));
    if (event.kind !== 'ended') return;
    // Its stages are listed again, also where it was cancelled before it changed anything.
    if (open && event.job.kind === 'compare') workspace.catchUp.touch(['comparison'], 'job');
    ends.get(event.job)?.();
    ends.delete(event.job);
  });
}

function show(workspace: Workspace, change: Change): void {
  switch (change.kind) {
    case 'run-scored':
      showRun(workspace, change);
      break;
    case 'embedding':
      showEmbedding(workspace, change);
      break;
    case 'unembedded':
      void listUnembedded(workspace, change).catch((error) => jobs.fail('models', error));
      break;
    case 'download':
      showDownload(workspace, change);
      break;
  }
}

/** Adds a run to the table, or replaces the one of the same name; a model's own figures stand beside it, and search opens with the first. */
function showRun(workspace: Workspace, { run }: Extract<Change, { kind: 'run-scored' }>): void {
  const id = runId(run.choice);
  workspace.comparison.setState(({ runs, outdated }) => ({
    outdated: outdated.filter((choice) => runId(choice) !== id),
    runs: rowsOf(runs.some((old) => old.id === id) ? runs.map((old) => (old.id === id ? run : old)) : [...runs, run]),
  }));
  const weightsId = run.choice.members[0]?.weightsId;
  if (weightsId !== undefined && id === runId(frozenChoice(weightsId, defaultRecipe('cosine')))) {
    changeRow(workspace, weightsId, { scores: run.result.test ?? null });
  }
  // Nobody who could search waits for the rest of the job.
  if (workspace.search.getState().runId === null) {
    void restoreSearch(workspace).catch((error) => jobs.fail('search', error));
  }
}

function showEmbedding(
  workspace: Workspace,
  { weightsId, state, embedded, imagesPerSecond }: Extract<Change, { kind: 'embedding' }>,
): void {
  const row = workspace.models.getState().rows.find(({ weights }) => weights.id === weightsId);
  changeRow(workspace, weightsId, {
    embedding: state === 'running',
    imagesPerSecond: imagesPerSecond ?? row?.imagesPerSecond ?? null,
    ...(embedded !== null ? { embedded } : {}),
  });
}

/** Lists the images that the model could not be given among the data set's problems, and takes those off that it now has. */
async function listUnembedded(
  workspace: Workspace,
  { weightsId, tried, failures }: Extract<Change, { kind: 'unembedded' }>,
): Promise<void> {
  const label = findWeightsById(weightsId)?.label ?? weightsId;
  const [first] = failures;
  if (first) {
    const sentence = `${numeral(failures.length)} of ${numeral(tried.length)} images could not be embedded with ${label}. The first: ${first.path}. ${first.reason} The others are kept; all that are missing are listed among the problems of the data set.`;
    jobs.fail('models', new AppError('image-undecodable', sentence));
  }
  const keyOf = (path: string) => JSON.stringify([weightsId, path]);
  const before = workspace.session?.unembedded;
  const unembedded = new Map<string, Problem>(before);
  for (const path of tried) unembedded.delete(keyOf(path));
  for (const { path, reason } of failures) {
    unembedded.set(keyOf(path), {
      kind: 'not-embedded',
      severity: 'warning',
      path,
      reason,
      action: `left out of ${label}; embedding again tries it again`,
    });
  }
  if (unembedded.size > 0 || before?.size) await changeSession(workspace, { unembedded });
}

function showDownload(workspace: Workspace, change: Extract<Change, { kind: 'download' }>): void {
  const { weightsId, progress, partialBytes } = change;
  changeRow(workspace, weightsId, {
    download: progress && {
      receivedBytes: progress.done,
      totalBytes: progress.totalBytes,
      bytesPerSecond: progress.rate,
      secondsLeft: progress.secondsLeft,
    },
    ...(partialBytes === undefined ? {} : { partialBytes, cached: cachedWeights(weightsId) }),
  });
}

const readers: Record<Part, (workspace: Workspace) => Promise<void>> = {
  comparison: refreshComparison,
  interrupted: () => jobs.interrupted.refresh(),
  search: restoreSearch,
  models: refreshModels,
  storage: () => refreshStorage(),
};

/** Where it is said that something could not be read. */
const SCREENS = {
  comparison: 'comparison',
  interrupted: 'data',
  search: 'search',
  models: 'models',
  storage: 'settings',
} as const satisfies Record<Part, Screen>;

/** From now on each workspace that is opened reads its plan, measures its cut-off and hears of jobs; called once at start. */
export function followOpened(): void {
  downloadBy((weightsId) => downloadWeights(openedWorkspace(), weightsId));
  enter(openedWorkspace());
  openedStore.subscribe(({ workspace }) => enter(workspace));
}

function enter(workspace: Workspace): void {
  const id = workspace.session?.stored.id ?? null;
  watchCutoff(workspace);
  followBest(workspace);
  retryWithFiles(workspace, () => void searchAgain(workspace));
  if (id !== null) restorePlan(workspace, id);
  workspace.catchUp.serve((part) => readers[part](workspace).catch((error) => jobs.fail(SCREENS[part], error)));
  void jobs.show(id === null ? null : { scope: id, needsInput: (job) => needsFiles(workspace, job) });
}
