import { clustersOf, drawMap, type MapReport, mapEmbeddings, mapSubject } from '../../core/embedding-map.ts';
import { createMeter, type Meter } from '../../core/meter.ts';
import type { Run } from '../../core/run.ts';
import { repeatedOnce } from '../../core/worker-faults.ts';
import { AppError, isAborted } from '../../errors.ts';
import { runOf } from '../comparison/runs.ts';
import { context } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import type { EmbeddingMapState, MapLayout, MapStage } from './embedding-map.ts';

const MOST_KEPT = 40;

const stages: Readonly<Record<MapStage, readonly [name: string, unit: 'points' | 'images' | 'epochs']>> = {
  components: ['Map: finding the principal components', 'points'],
  neighbours: ['Map: finding the nearest neighbours', 'images'],
  layout: ['Map: laying out by UMAP', 'epochs'],
};

/** Shows the run's map: the one in memory, else its principal components at once while UMAP computes. */
export async function showMap(
  workspace: Workspace,
  runId: string,
  seed = workspace.map.getState().seed,
): Promise<void> {
  const mine = new AbortController();
  const turn = ++workspace.mapping.newest;
  try {
    const run = await embeddedRun(workspace, runId);
    const subject = await mapSubject(run, seed);
    if (turn !== workspace.mapping.newest) return;
    const shown = workspace.map.getState();
    // Also what was cancelled stays so until it is asked for again.
    if (shown.key === subject.key && shown.status !== 'failed') {
      // Their classes may be others now.
      workspace.map.setState({ runId, images: subject.images, available: subject.available });
      return;
    }
    workspace.mapping.current?.abort();
    workspace.mapping.current = mine;
    const { images, available, key } = subject;
    const kept = workspace.mapping.drawn.get(key);
    const blank = { runId, key, seed, images, available, stage: null, progress: null };
    if (kept) {
      workspace.map.setState({ ...blank, ...kept, status: 'done' });
      return;
    }
    workspace.map.setState({ ...blank, status: 'drawing', layout: null, dimensions: null });
    const change = (part: Partial<EmbeddingMapState>) => {
      if (workspace.mapping.current === mine) workspace.map.setState(part);
    };
    const [stage, unit] = stages.components;
    const remedy = { label: 'Try again', run: () => void showMap(workspace, runId, seed) };
    const finished = await jobs.run(
      { screen: 'dashboard', stage, unit, remedy },
      async ({ signal, report, stage: enter }) => {
        const either = AbortSignal.any([signal, mine.signal]);
        await repeatedOnce(either, async () => {
          const { matrix, dimensions } = await mapEmbeddings(context, run, subject);
          change({ dimensions });
          const layout = await drawMap(matrix, dimensions, seed, either, onReport(change, report, enter));
          keep(workspace, key, { layout, dimensions });
          change({ status: 'done', layout, stage: null, progress: null });
        });
      },
    );
    if (!finished) change({ status: workspace.map.getState().layout ? 'cancelled' : 'failed' });
  } catch (error) {
    if (turn !== workspace.mapping.newest) return;
    if (!isAborted(error)) jobs.fail('dashboard', error);
    workspace.map.setState({ status: 'failed', runId });
  }
}

/** Throws AppError 'dataset-unusable' where nothing is embedded any more. */
async function embeddedRun(workspace: Workspace, runId: string): Promise<Run> {
  const choice = workspace.comparison.getState().runs.find(({ id }) => id === runId)?.choice;
  const run = choice ? await runOf(choice, workspace.dataset.getState().images) : null;
  if (run && run.images.length > 0) return run;
  throw new AppError(
    'dataset-unusable',
    'No image of this data set is embedded with the weights of this run any more. Embed them again on the models screen.',
  );
}

/** Looks for that many clusters among the images of the map, which are then shown in its colours; null: shows classes again. */
export async function findClusters(workspace: Workspace, count: number | null): Promise<void> {
  const { runId, seed, clustering } = workspace.map.getState();
  if (runId === null || clustering) return;
  if (count === null) {
    workspace.map.setState({ clusters: null });
    return;
  }
  workspace.map.setState({ clustering: true });
  try {
    await jobs.run({ screen: 'dashboard', stage: 'Finding clusters', unit: 'images' }, async ({ signal, report }) => {
      const run = await embeddedRun(workspace, runId);
      const subject = await mapSubject(run, seed);
      const either = AbortSignal.any([signal, workspace.closed]);
      const found = await clustersOf(context, run, subject, count, seed, { signal: either, report });
      const of = new Map(subject.images.map(({ path }, i) => [path, found.of[i] ?? 0]));
      workspace.map.setState({ clusters: { runId, of, count: found.count } });
    });
  } finally {
    workspace.map.setState({ clustering: false });
  }
}

/** Measures each stage for itself, and hands on where the points are. */
function onReport(
  change: (part: Partial<EmbeddingMapState>) => void,
  report: (progress: ReturnType<Meter['reach']>) => void,
  name: (text: string, unit: 'points' | 'images' | 'epochs') => void,
): (report: MapReport) => void {
  let meter: { readonly stage: MapStage; readonly total: number; readonly meter: Meter } | null = null;
  let named: MapStage = 'components';
  return ({ stage, done, total, layout }) => {
    if (stage !== named) name(...stages[stage]);
    named = stage;
    if (meter?.stage !== stage || meter.total !== total) meter = { stage, total, meter: createMeter(total) };
    // What cannot be counted has no progress.
    const progress = total > 1 ? meter.meter.reach(done) : null;
    if (progress) report(progress);
    change({ stage, progress, ...(layout ? { layout } : {}) });
  };
}

function keep(
  workspace: Workspace,
  key: string,
  map: { readonly layout: MapLayout; readonly dimensions: number },
): void {
  workspace.mapping.drawn.set(key, map);
  for (const oldest of workspace.mapping.drawn.keys()) {
    if (workspace.mapping.drawn.size <= MOST_KEPT) return;
    workspace.mapping.drawn.delete(oldest);
  }
}

/** Stops drawing; what is on the map stays. */
export function cancelMap(workspace: Workspace): void {
  workspace.mapping.current?.abort();
}

/** Draws the map of the same run once more: with another seed, or to its end where it was cancelled. */
export async function redrawMap(workspace: Workspace, change: 'same-seed' | 'next-seed'): Promise<void> {
  const { runId, seed } = workspace.map.getState();
  if (runId === null) return;
  workspace.map.setState({ key: null });
  await showMap(workspace, runId, change === 'next-seed' ? seed + 1 : seed);
}

/** Saves the points as they are now as CSV. */
export function saveMapPoints(workspace: Workspace): void {
  const { images, layout } = workspace.map.getState();
  if (!layout) return;
  const points = images.map(({ split, file, className }, i) => ({
    split,
    file,
    className,
    x: layout.coordinates[2 * i] ?? 0,
    y: layout.coordinates[2 * i + 1] ?? 0,
  }));
  import('../../exports/csv.ts').then(
    ({ mapPointsCsv }) => saveFile(new Blob([mapPointsCsv(points)], { type: 'text/csv' }), 'map.csv'),
    (error) => jobs.fail('dashboard', error),
  );
}

/** Saves a picture of the map. */
export function saveMapPicture(_workspace: Workspace, picture: Blob): void {
  saveFile(picture, 'map.png');
}
