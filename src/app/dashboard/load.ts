import * as v from 'valibot';
import { bestRun } from '../../core/result-rows.ts';
import { isMetricKey, type MetricKey, metricOf } from '../../metrics/registry.ts';
import { getNeighbours, getOutcomes } from '../../storage/runs.ts';
import { dashboardKey, getSetting, putSetting } from '../../storage/settings.ts';
import type { QueryNeighbours, QueryOutcomes, ScoredSplit } from '../../types.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { rescoreRuns } from '../comparison/rescore.ts';
import { subjectDigest } from '../comparison/runs.ts';
import { database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import type { DashboardChoice, DashboardState } from './dashboard.ts';

/** What was looked at last, of one data set: the runs that were chosen, null where none was, and what models are judged by. */
const ofDataset = v.object({
  a: v.nullable(v.string()),
  b: v.nullable(v.string()),
  metric: v.custom<MetricKey>((key) => typeof key === 'string' && isMetricKey(key)),
});

/** Loads what the dashboard shows of the runs that there are; called when it is opened and when runs have changed. */
export async function refreshDashboard(workspace: Workspace): Promise<void> {
  await load(workspace, {});
}

/** Chooses the runs that are looked at, the split, or what models are judged by; what is left out stays. */
export async function chooseDashboard(workspace: Workspace, choice: DashboardChoice): Promise<void> {
  // The table is sorted at once; another run takes reading.
  if (choice.metric !== undefined) workspace.dashboard.setState({ metric: choice.metric });
  const { status, a, aChosen, split, metric } = workspace.dashboard.getState();
  const metricAlone = Object.keys(choice).length === 1 && choice.metric !== undefined;
  const best = bestRun(workspace.comparison.getState().runs, split, metricOf(metric));
  if (metricAlone && status === 'ready' && (aChosen || best?.id === a)) await remember(workspace);
  else await load(workspace, choice);
}

async function remember(workspace: Workspace): Promise<void> {
  const id = workspace.session?.stored.id;
  if (id === undefined) return;
  const { a, aChosen, b, metric } = workspace.dashboard.getState();
  const chosen = { a: aChosen ? a : null, b, metric };
  await putSetting(database, dashboardKey(id), chosen).catch((error) => jobs.fail('dashboard', error));
}

/** Takes up what was looked at last, when the dashboard of a data set is opened for the first time in a visit. */
async function recall(workspace: Workspace, asked: DashboardChoice): Promise<void> {
  const id = workspace.session?.stored.id;
  const stored = id === undefined ? null : await getSetting(database, dashboardKey(id), ofDataset);
  if (!stored || workspace.dashboard.getState().status !== 'loading') return;
  const { a, b, metric } = stored;
  workspace.dashboard.setState({ a, aChosen: a !== null, b, ...(asked.metric === undefined ? { metric } : {}) });
}

async function load(workspace: Workspace, asked: DashboardChoice): Promise<void> {
  const turn = ++workspace.loading.newest;
  // A reading that overtakes another one shows what that was to show.
  const choice = { ...workspace.loading.choice, ...asked };
  workspace.loading.choice = choice;
  try {
    const { runs } = workspace.comparison.getState();
    const { images } = workspace.dataset.getState();
    const subject = await subjectDigest(images);
    // Before the first table is drawn: columns that came late would move it.
    if (workspace.dashboard.getState().status === 'loading') {
      workspace.dashboard.setState(await storedColumns());
      await recall(workspace, choice);
    }
    const before = workspace.dashboard.getState();
    const wanted = choice.split ?? before.split;
    // Without test labels, validation is what there is to look at.
    const split =
      choice.split === undefined && !runs.some(({ result }) => result[wanted]) ? other(wanted, runs) : wanted;
    const chosenA = known(runs, choice.a === undefined ? (before.aChosen ? before.a : null) : choice.a);
    const a = chosenA ?? (bestRun(runs, split, metricOf(before.metric)) ?? runs[0])?.id ?? null;
    const b = known(runs, choice.b === undefined ? before.b : choice.b);
    const chosen = { split, a, aChosen: chosenA !== null, b: b === a ? null : b };
    const outcomes = await outcomesOf(workspace, runs, split, subject);
    if (turn !== workspace.loading.newest) return;
    const missing = runs.filter(({ id, result }) => result[split] && !outcomes.has(id));
    if (missing.length > 0) {
      // Scored by a version of the app that kept averages alone.
      await rescoreRuns(
        workspace,
        missing.map(({ id }) => id),
      );
      if (turn === workspace.loading.newest) await load(workspace, choice);
      return;
    }
    const neighbours = new Map<string, QueryNeighbours>();
    for (const id of [chosen.a, chosen.b]) {
      const stored = id === null ? null : await neighboursOf(workspace, id, split, subject);
      if (id !== null && stored) neighbours.set(id, stored);
    }
    if (turn !== workspace.loading.newest) return;
    workspace.loading.choice = {};
    workspace.dashboard.setState({ ...chosen, outcomes, neighbours, status: 'ready' });
    // Not by who asked: a load that another one overtakes hands its choice on to it.
    if (Object.keys(choice).length > 0) await remember(workspace);
  } catch (error) {
    jobs.fail('dashboard', error);
    if (turn !== workspace.loading.newest) return;
    workspace.loading.choice = {};
    workspace.dashboard.setState({ status: 'ready' });
  }
}

const known = (runs: readonly RunRow[], id: string | null): string | null =>
  runs.some((run) => run.id === id) ? id : null;

function other(split: ScoredSplit, runs: readonly RunRow[]): ScoredSplit {
  const turned = split === 'test' ? 'validation' : 'test';
  return runs.some(({ result }) => result[turned]) ? turned : split;
}

async function outcomesOf(
  workspace: Workspace,
  runs: readonly RunRow[],
  split: ScoredSplit,
  subject: string,
): Promise<Map<string, QueryOutcomes>> {
  const outcomes = new Map<string, QueryOutcomes>();
  const { dataset } = workspace.dataset.getState();
  if (!dataset) return outcomes;
  const loaded = await Promise.all(runs.map(({ id }) => getOutcomes(database, dataset.id, id, split, subject)));
  runs.forEach(({ id }, i) => {
    const stored = loaded[i];
    if (stored) outcomes.set(id, stored);
  });
  return outcomes;
}

/** A run's first neighbours on a split, from memory or storage; null where it was not scored on it. */
export async function neighboursOf(
  workspace: Workspace,
  runId: string,
  split: ScoredSplit,
  subject?: string,
): Promise<QueryNeighbours | null> {
  const { dataset, images } = workspace.dataset.getState();
  const shown = workspace.dashboard.getState();
  const held = shown.split === split ? shown.neighbours.get(runId) : undefined;
  if (held || !dataset) return held ?? null;
  return getNeighbours(database, dataset.id, runId, split, subject ?? (await subjectDigest(images)));
}

const KEY = 'leaderboard columns';

const metricKey = v.custom<MetricKey>((key) => typeof key === 'string' && isMetricKey(key));
const schema = v.object({ columns: v.nullable(v.pipe(v.array(metricKey), v.maxLength(50))), macro: v.boolean() });

export type LeaderboardColumns = Pick<DashboardState, 'columns' | 'macro'>;

/** The columns as they were last chosen, on any data set. */
async function storedColumns(): Promise<Partial<LeaderboardColumns>> {
  return (await getSetting(database, KEY, schema)) ?? {};
}

/** Shows other columns, and remembers them. */
export async function setColumns(workspace: Workspace, change: Partial<LeaderboardColumns>): Promise<void> {
  workspace.dashboard.setState(change);
  const { columns, macro } = workspace.dashboard.getState();
  try {
    await putSetting(database, KEY, { columns, macro });
  } catch (error) {
    jobs.fail('dashboard', error);
  }
}
