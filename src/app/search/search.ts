import { createStore } from 'zustand/vanilla';
import type { Answer, Guess } from '../../core/answer.ts';
import type { RankReason } from '../../core/ranking-reasons.ts';
import type { RankingTrial } from '../../core/ranking-trial.ts';
import type { Remedy } from '../../jobs/runner.ts';
import type { EngineCollection } from '../../search/backends/engine-client.ts';
import { BACKENDS, backendNamed, type IndexChoice, type IndexKind, type ServerKind } from '../../search/backends.ts';
import { RANKINGS, type RankingName } from '../../search/rankings.ts';
import type { CropFrame, ImageRecord, SearchKernelKind } from '../../types.ts';

export type { Answer, Guess, IndexChoice, RankingName, RankingTrial, RankReason };
export { BACKENDS, backendNamed, RANKINGS };

/** What is searched with. */
export interface Query {
  /** SHA-256 of the file: the identity of a query, also in the URL. */
  readonly hash: string;
  readonly name: string;
  /** The record, where the query is an image of the data set; its label is then known. */
  readonly image: ImageRecord | null;
  /** The part of the picture that is searched with; null is all of it. */
  readonly crop: CropFrame | null;
}

export interface Neighbour {
  /** From 1. */
  readonly rank: number;
  readonly image: ImageRecord;
  /** Cosine similarity. */
  readonly similarity: number;
  /** Whether its class is the query's; null where either is unknown. */
  readonly correct: boolean | null;
  /** Where the picture of an image of the server's gallery is: nothing of it is in this browser. */
  readonly thumbnail?: string;
}

export interface SearchTiming {
  /** Null where the query's features were stored already. */
  readonly embedMs: number | null;
  readonly searchMs: number;
  /** Null where the server does not know. */
  readonly galleryImages: number | null;
  /** What answered. */
  readonly index: IndexKind | ServerKind;
}

/** The chosen model's index over the gallery. */
export interface IndexView {
  readonly status: 'none' | 'loading' | 'building' | 'ready';
  /** The index that answers once it is ready: what was chosen, or what `auto` came to. */
  readonly kind: IndexKind;
  readonly kernel: SearchKernelKind;
  /** Share of the gallery added so far, while building. */
  readonly built: number;
  /** The index against exact search, measured on this gallery; null until measured. */
  readonly recallAt10: number | null;
  readonly indexMs: number | null;
  readonly exactMs: number | null;
}

/** The gallery of the app's own server, where it has one. */
export interface ServerView {
  /**
   * Whether it is searched in place of the gallery of this tab. A choice for this visit and this data set, which is not kept: query
   * vectors leave the tab by it.
   */
  readonly chosen: boolean;
  /** What is searched; null until the first answer, and where the server has none of the chosen model. */
  readonly collection: EngineCollection | null;
  /** Its index against exact search, by that many queries; null until it is measured. */
  readonly recall: { readonly at10: number; readonly queries: number } | null;
}

export interface SearchState {
  /** The run that answers (comparisonStore.runs); null while nothing is embedded. */
  readonly runId: string | null;
  /** The run that the user has chosen for this data set; null while the best one answers. */
  readonly chosenRun: string | null;
  /** The order of the answers. */
  readonly rank: RankingName;
  /** Whether training/ has the classes that rankings other than `plain` need. */
  readonly rankable: boolean;
  /** How the rankings do on validation images; null until that is known, and where it cannot be. */
  readonly trial: RankingTrial | null;
  /** A run is being looked for or loaded: until then there is nothing to say. */
  readonly opening: boolean;
  readonly k: number;
  readonly indexChoice: IndexChoice;
  readonly efSearch: number;
  readonly index: IndexView;
  /** Null where there is none. */
  readonly server: ServerView | null;
  readonly query: Query | null;
  readonly status: 'idle' | 'embedding' | 'searching' | 'done' | 'failed';
  /** A sentence, where status is `failed`. */
  readonly error: string | null;
  /** The button for that error, where it has one of its own; else the query can be searched with once more. */
  readonly remedy: Remedy | null;
  readonly neighbours: readonly Neighbour[];
  /** What put each of them there, by path; empty until it is known, null in the order of similarity. */
  readonly reasons: ReadonlyMap<string, RankReason> | null;
  /** What they say of the query's class; null until that is known, and where no class is. */
  readonly answer: Answer | null;
  /** Whether neighbours of one class stand together. */
  readonly grouped: boolean;
  readonly timing: SearchTiming | null;
}

/** What a search that found nothing, or was not made, leaves. */
export const NOTHING_FOUND = { neighbours: [], reasons: null, answer: null, timing: null } as const;

/** As it is before the first query. */
export const NO_QUERY = { query: null, status: 'idle', error: null, remedy: null, ...NOTHING_FOUND } as const;

export const createSearchStore = () =>
  createStore<SearchState>()(() => ({
    runId: null,
    chosenRun: null,
    rank: 'plain',
    rankable: false,
    trial: null,
    opening: true,
    k: 10,
    indexChoice: 'auto',
    efSearch: 64,
    index: { status: 'none', kind: 'exact', kernel: 'simd', built: 0, recallAt10: null, indexMs: null, exactMs: null },
    server: null,
    ...NO_QUERY,
    grouped: false,
  }));
