import type { Metric } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';
import type { DifferenceFacts, ProjectFacts } from '../facts.ts';

/** A drawn figure with its numbers. */
export interface FigureFacts {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** A whole `<svg>` element, made by this program. */
  readonly svg: string;
  readonly columns: readonly { readonly title: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface ExampleImage {
  readonly file: string;
  readonly className: string | null;
  /** A data: URL; null where there is no thumbnail, or none are wanted. */
  readonly picture: string | null;
}

export interface Example {
  readonly query: ExampleImage;
  /** Rank of its first right neighbour, from 1. */
  readonly firstHitRank: number;
  /** Best first. */
  readonly neighbours: readonly (ExampleImage & { readonly similarity: number; readonly right: boolean })[];
}

export interface ExamplesFacts {
  readonly run: string;
  readonly split: ScoredSplit;
  readonly seed: number;
  /** A query failed when none of its first `failedAt` neighbours is right. */
  readonly failedAt: number;
  /** Queries of each kind, of which some are shown. */
  readonly rightOf: number;
  readonly failedOf: number;
  readonly right: readonly Example[];
  readonly failed: readonly Example[];
  readonly thumbnails: boolean;
}

export interface ReportPageFacts extends ProjectFacts {
  /** What models are judged by. */
  readonly metric: Metric;
  readonly differences: readonly DifferenceFacts[];
  readonly figures: readonly FigureFacts[];
  readonly examples: ExamplesFacts | null;
}
