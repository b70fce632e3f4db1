/** What a report and a bundle say besides the figures. Plain data, gathered by the state. */
import { type Best, bestModels, byModel, type ModelRuns } from '../metrics/best-run.ts';
import type { Metric } from '../metrics/registry.ts';
import type { ClusteredLabels, FeaturesName, Preprocessing, ProblemKind, ScoredSplit, Split } from '../types.ts';
import { type Classifier, dependsOnSeed, type Environment } from './report.ts';
import type { NamedResult } from './results-table.ts';

/** How a model came to be the best of what there was, on validation alone. */
export interface ChosenFacts {
  /** The k of the top-k accuracy that it was chosen for. */
  readonly k: number;
  /** The last is the model itself; values are the mean of top-1 to top-k accuracy. */
  readonly path: readonly {
    readonly label: string;
    readonly value: number;
    /** Over the step before; null of the first. */
    readonly gain: { readonly mean: number; readonly standardError: number } | null;
  }[];
  /** 95 %, of the last value. */
  readonly interval: readonly [number, number];
  readonly tried: number;
  /** False where the time was up before nothing helped any more. */
  readonly complete: boolean;
}

/** How heads were trained. */
export interface RecipeFacts {
  readonly classifier: Classifier;
  readonly epochs: number;
  readonly patience: number;
  readonly learningRate: number;
  readonly batch: number;
  readonly weightDecay: number;
  readonly dropout: number;
  readonly labelSmoothing: number;
  readonly scale: number;
  readonly seed: number;
  readonly refit: boolean;
}

export interface MemberFacts {
  readonly weightsId: string;
  readonly head: 'frozen' | 'finetuned';
}

export interface RunFacts extends NamedResult {
  /** Names it among the runs of the data set. */
  readonly id: string;
  /** Equal for runs that differ in their seed alone: they are one model. */
  readonly modelKey: string;
  readonly members: readonly MemberFacts[];
  readonly recipe: RecipeFacts;
  /** Digest of the file that its head came from; null where it was trained here, or there is none. */
  readonly loaded: string | null;
  /** Where it was chosen as the best, once for each k. */
  readonly chosen?: readonly ChosenFacts[];
}

export interface WeightsFacts {
  readonly id: string;
  readonly label: string;
  readonly architecture: FeaturesName;
  /** Number of features D. */
  readonly features: number;
  /** SHA-256 of the weight file; null for the descriptor, which has none. */
  readonly sha256: string | null;
  readonly licence: string | null;
  readonly repository: string | null;
  readonly revision: string | null;
  /** Null where the weights have never been here. */
  readonly preprocessing: Preprocessing | null;
}

export interface DatasetFacts {
  readonly name: string;
  /** SHA-256 over splits, image hashes and labels, in order: equal digests, equal data. */
  readonly digest: string;
  readonly classes: number;
  readonly counts: Readonly<Record<Split, number>>;
  /** Images that the user left out; they are in none of the other numbers. */
  readonly excluded: Readonly<Record<Split, number>>;
  /** Images whose label was set by hand. */
  readonly byHand: Readonly<Record<Split, number>>;
  /** Labels among these that are named clusters of a model. */
  readonly clustered: readonly ClusteredLabels[];
  /** Images with a known label. */
  readonly labelled: Readonly<Record<Split, number>>;
  readonly problems: readonly { readonly kind: ProblemKind; readonly count: number }[];
  /** File that the labels of query and gallery came from; null for class folders. */
  readonly groundTruth: string | null;
  /** What the labels of training images come from: that file before their class folders, or the folders alone. */
  readonly trainingLabels: 'folders' | 'ground truth';
  /** Whether names of files give classes where folders and the file give none. */
  readonly namesAsClasses: boolean;
}

/** One model against another over the same queries, with the interval of metrics/intervals.ts. */
export interface DifferenceFacts {
  readonly split: ScoredSplit;
  readonly metric: Metric;
  readonly first: string;
  readonly second: string;
  /** Whether first is the best run of all on that split. */
  readonly firstIsBest: boolean;
  /** first − second. */
  readonly difference: number;
  readonly interval: readonly [number, number];
  /** Queries that count for both. */
  readonly queries: number;
}

export interface ProjectFacts {
  /** "Likeness 0.1.0". */
  readonly app: string;
  /** ISO 8601, UTC. */
  readonly writtenAt: string;
  readonly environment: Environment;
  readonly dataset: DatasetFacts;
  readonly weights: readonly WeightsFacts[];
  readonly runs: readonly RunFacts[];
  /** Names for what is saved of each run, in their order; no two are equal. */
  readonly fileNames: readonly string[];
  readonly bootstrap: { readonly seed: number; readonly resamples: number; readonly level: number };
}

/** "ResNet-50 + ViT-B/16, fine-tuned (cosine), mean, seed 1": tells a run from others where there is no table. */
export function runWords({ model, head, result }: NamedResult): string {
  return [model, head, result.combine, rankingWords(result.rank), dependsOnSeed(result) ? `seed ${result.seed}` : null]
    .filter((part) => part !== null)
    .join(', ');
}

/** Null of the ranking that goes without saying. */
const rankingWords = (rank: NamedResult['result']['rank']): string | null =>
  rank === 'plain' ? null : `ranked by ${rank}`;

/** As runWords() of one run; of several "…, mean of 3 seeds". */
export function modelWords([first, ...others]: ModelRuns<NamedResult>): string {
  if (others.length === 0) return runWords(first);
  const { model, head, result } = first;
  return [model, head, result.combine, rankingWords(result.rank), `mean of ${others.length + 1} seeds`]
    .filter((part) => part !== null)
    .join(', ');
}

/** The best models among the runs, by the rule of the app. */
export const bestOf = (
  runs: readonly RunFacts[],
  split: ScoredSplit,
  metric: Metric,
): Best<ModelRuns<RunFacts>> | null => bestModels(byModel(runs, ({ modelKey }) => modelKey).values(), split, metric);

/** What a network earns its time by beating: the descriptor that learns nothing, else the best frozen backbone alone. */
export function baselineOf(runs: readonly RunFacts[], split: ScoredSplit, metric: Metric): ModelRuns<RunFacts> | null {
  const frozen = runs.filter(({ members, result }) => members.length === 1 && result.head === 'frozen');
  const plain = frozen.filter(({ result }) => result.rank === 'plain' && result[split]);
  const descriptor = plain.filter(({ result }) => result.model === 'colour-gradient');
  return bestOf(descriptor.length > 0 ? descriptor : plain, split, metric)?.rows[0] ?? null;
}
