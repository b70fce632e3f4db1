import type { StoreApi } from 'zustand/vanilla';
import type { PrecisionCurve } from '../metrics/cutoff.ts';
import { type CatchUp, createCatchUp } from './catch-up.ts';
import { type ComparisonState, createComparisonStore, type RunRow } from './comparison/comparison.ts';
import { createDashboardStore, type DashboardChoice, type DashboardState } from './dashboard/dashboard.ts';
import { createEmbeddingMapStore, type EmbeddingMapState, type MapLayout } from './dashboard/embedding-map.ts';
import { createLeaderboardStore, type LeaderboardState } from './dashboard/leaderboard.ts';
import { type CareState, createCareStore } from './dataset/care.ts';
import { createDatasetStore, type DatasetSession, type DatasetState } from './dataset/dataset.ts';
import { createModelsStore, type ModelsState, uncounted } from './models/models.ts';
import { type CutoffState, createCutoffStore } from './search/cutoff.ts';
import { createSearchStore, type Query, type SearchState } from './search/search.ts';
import type { SearchSession } from './search/search-session.ts';

/**
 * Everything that belongs to the open data set: what the screens show of it, what is kept in memory, what is under way.
 * Created when a data set is opened and closed when another is: what comes late for one that is closed changes stores
 * that is not shown. With no data set open there is one too, which is empty.
 */
export interface Workspace {
  /** Another number for each that is shown in this visit. */
  readonly id: number;
  readonly dataset: StoreApi<DatasetState>;
  readonly models: StoreApi<ModelsState>;
  readonly comparison: StoreApi<ComparisonState>;
  readonly search: StoreApi<SearchState>;
  readonly dashboard: StoreApi<DashboardState>;
  readonly leaderboard: StoreApi<LeaderboardState>;
  readonly cutoff: StoreApi<CutoffState>;
  readonly map: StoreApi<EmbeddingMapState>;
  readonly care: StoreApi<CareState>;

  /** Its parts that must be read again, since what is stored has changed. */
  readonly catchUp: CatchUp;
  /** What is stored of the data set, and its readable files; null while none is open. */
  session: DatasetSession | null;
  /** The reading of images that is under way. */
  reading: { readonly session: DatasetSession; readonly ended: Promise<boolean> } | null;
  readonly opening: {
    /** Counts the data sets that were to take its place: the newest one does, even if another is read first. */
    newest: number;
  };
  readonly searching: {
    /** The model that answers, with its gallery. */
    session: SearchSession | null;
    /** Counts the runs that were to answer: an older one that is read late does not replace a newer one. */
    newestRun: number;
    /** Counts the searches: the newest query wins, even if another's answer or error comes first. */
    newest: number;
    /** A query whose file is still being read: it will be searched with the model and the choices of that moment. */
    beingRead: number | null;
    /** What the answer that is shown was given to. */
    answered: Query | null;
  };
  readonly planning: {
    /** Ends when the stored plan has been read. */
    read: Promise<void>;
    /** Whether the plan is the user's, stored or ticked in this visit: what is stored is then not shown any more. */
    changed: boolean;
  };
  readonly measuring: {
    /** The run that was measured last: other precisions need no second look at its neighbours. */
    measured: { readonly run: RunRow; readonly curve: PrecisionCurve | null } | null;
    /** Counts the measurements: a newer one makes the answer of an older one worthless. */
    newest: number;
  };
  readonly loading: {
    /** Counts the loads of the dashboard: a newer one makes the answers of an older one worthless. */
    newest: number;
    /** What the loads under way are to show. */
    choice: DashboardChoice;
  };
  readonly comparing: {
    /** By pairKey(): the digest of the values that a difference was computed from. Other outcomes, another difference. */
    readonly computedFrom: Map<string, number>;
    current: AbortController | null;
  };
  readonly mapping: {
    /** Maps that were drawn in this visit, by key: 80 KB for 10,000 points. */
    readonly drawn: Map<string, { readonly layout: MapLayout; readonly dimensions: number }>;
    /** Ends the map in the making, if any. */
    current: AbortController | null;
    /** Counts what was asked for: a newer request makes an older one, still being looked up, worthless. */
    newest: number;
  };

  /** Aborted when another data set is opened. */
  readonly closed: AbortSignal;
  /** Ends what is under way for this data set alone. */
  close(): void;
}

/** A workspace with nothing in it, to be shown after another one. */
export function createWorkspace(after: Pick<Workspace, 'id'> = { id: 0 }): Workspace {
  const controller = new AbortController();
  const workspace: Workspace = {
    id: after.id + 1,
    dataset: createDatasetStore(),
    models: createModelsStore(),
    comparison: createComparisonStore(),
    search: createSearchStore(),
    dashboard: createDashboardStore(),
    leaderboard: createLeaderboardStore(),
    cutoff: createCutoffStore(),
    map: createEmbeddingMapStore(),
    care: createCareStore(),
    catchUp: createCatchUp(controller.signal),
    session: null,
    reading: null,
    opening: { newest: 0 },
    searching: { session: null, newestRun: 0, newest: 0, beingRead: null, answered: null },
    planning: { read: Promise.resolve(), changed: false },
    measuring: { measured: null, newest: 0 },
    loading: { newest: 0, choice: {} },
    comparing: { computedFrom: new Map(), current: null },
    mapping: { drawn: new Map(), current: null, newest: 0 },
    closed: controller.signal,
    close() {
      controller.abort();
      const { searching } = workspace;
      searching.session?.controller.abort();
      searching.session = null;
      searching.newestRun++;
      searching.newest++;
      workspace.loading.newest++;
      workspace.measuring.newest++;
      workspace.mapping.newest++;
      workspace.comparing.current?.abort();
      workspace.mapping.current?.abort();
    },
  };
  return workspace;
}

/** Takes over what the user has chosen for every data set: weights, ticks, downloads, how to search. */
export function takeChoices(workspace: Workspace, before: Workspace): void {
  const { k, indexChoice, efSearch } = before.search.getState();
  workspace.search.setState({ k, indexChoice, efSearch });
  workspace.cutoff.setState({ precision: before.cutoff.getState().precision });
  workspace.models.setState({ rows: before.models.getState().rows.map(uncounted) });
}
