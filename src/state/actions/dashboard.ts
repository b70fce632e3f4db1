import { scoreOfRuns } from '../../core/result-rows.ts';
import { bestBy } from '../../metrics/best.ts';
import { HEADLINE } from '../../metrics/registry.ts';
import { getNeighbours, getOutcomes } from '../../storage/runs.ts';
import type { QueryNeighbours, QueryOutcomes, ScoredSplit } from '../../types.ts';
import { comparisonStore, type RunRow } from '../comparison.ts';
import { type DashboardState, dashboardStore } from '../dashboard.ts';
import { onOtherDataset } from '../dataset-session.ts';
import { datasetStore } from '../datasets.ts';
import { jobs } from '../jobs.ts';
import { subjectDigest } from '../runs.ts';
import { database } from '../session.ts';
import { rescoreRuns } from './rescore.ts';

/** Counts the loads: a newer one makes the answers of an older one worthless. */
let newest = 0;

onOtherDataset(() => {
  newest++;
  dashboardStore.setState(dashboardStore.getInitialState());
});

/** Loads what the dashboard shows of the runs that there are; called when it is opened and when runs have changed. */
export async function refreshDashboard(): Promise<void> {
  await load({});
}

/** Chooses the runs that are looked at, or the split; what is left out stays. */
export async function chooseDashboard(choice: Partial<Pick<DashboardState, 'a' | 'b' | 'split'>>): Promise<void> {
  await load(choice);
}

async function load(choice: Partial<Pick<DashboardState, 'a' | 'b' | 'split'>>): Promise<void> {
  const turn = ++newest;
  try {
    const { runs } = comparisonStore.getState();
    const { images } = datasetStore.getState();
    const subject = await subjectDigest(images);
    const before = dashboardStore.getState();
    const wanted = choice.split ?? before.split;
    // Without test labels, validation is what there is to look at.
    const split =
      choice.split === undefined && !runs.some(({ result }) => result[wanted]) ? other(wanted, runs) : wanted;
    const a = known(runs, choice.a === undefined ? before.a : choice.a) ?? bestOf(runs, split);
    const b = known(runs, choice.b === undefined ? before.b : choice.b);
    const chosen = { split, a, b: b === a ? null : b };
    const outcomes = await outcomesOf(runs, split, subject);
    if (turn !== newest) return;
    const missing = runs.filter(({ id, result }) => result[split] && !outcomes.has(id));
    if (missing.length > 0) {
      // Scored by a version of the app that kept averages alone.
      await rescoreRuns(missing.map(({ id }) => id));
      if (turn === newest) await load(choice);
      return;
    }
    const neighbours = new Map<string, QueryNeighbours>();
    for (const id of [chosen.a, chosen.b]) {
      const stored = id === null ? null : await neighboursOf(id, split, subject);
      if (id !== null && stored) neighbours.set(id, stored);
    }
    if (turn === newest) dashboardStore.setState({ ...chosen, outcomes, neighbours, status: 'ready' });
  } catch (error) {
    jobs.fail('dashboard', error);
    if (turn === newest) dashboardStore.setState({ status: 'ready' });
  }
}

const known = (runs: readonly RunRow[], id: string | null): string | null =>
  runs.some((run) => run.id === id) ? id : null;

function other(split: ScoredSplit, runs: readonly RunRow[]): ScoredSplit {
  const turned = split === 'test' ? 'validation' : 'test';
  return runs.some(({ result }) => result[turned]) ? turned : split;
}

/** By the headline metric, or by what decides where it tells nothing apart; any run where none is scored. */
function bestOf(runs: readonly RunRow[], split: ScoredSplit): string | null {
  const best = bestBy(runs, HEADLINE, (run, metric) => scoreOfRuns([run], split, metric)?.value ?? null);
  return (best?.rows[0] ?? runs[0])?.id ?? null;
}

async function outcomesOf(
  runs: readonly RunRow[],
  split: ScoredSplit,
  subject: string,
): Promise<Map<string, QueryOutcomes>> {
  const outcomes = new Map<string, QueryOutcomes>();
  const { dataset } = datasetStore.getState();
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
  runId: string,
  split: ScoredSplit,
  subject?: string,
): Promise<QueryNeighbours | null> {
  const { dataset, images } = datasetStore.getState();
  const shown = dashboardStore.getState();
  const held = shown.split === split ? shown.neighbours.get(runId) : undefined;
  if (held || !dataset) return held ?? null;
  return getNeighbours(database, dataset.id, runId, split, subject ?? (await subjectDigest(images)));
}
