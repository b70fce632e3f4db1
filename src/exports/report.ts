import * as v from 'valibot';
import { wilsonOf } from '../metrics/scores.ts';
import { INDEX_KINDS, type IndexKind } from '../search/backends.ts';
import { RANKING_NAMES, type RankingName } from '../search/rankings.ts';
import type { EngineKind, Problem, Scores, Split } from '../types.ts';

export type HeadKind = 'frozen' | 'finetuned';
export type Classifier = 'linear' | 'cosine';
export type Combination = 'mean' | 'concat' | 'shared';

/** What a run evaluates; two runs of one data set that agree on all of this are the same run. */
export interface RunIdentity {
  /** A backbone, or members joined by `+`. */
  readonly model: string;
  readonly head: HeadKind;
  /** Null for frozen runs. */
  readonly classifier: Classifier | null;
  /** Null for single models. */
  readonly combine: Combination | null;
  readonly seed: number;
  /** The order of its answers. */
  readonly rank: RankingName;
}

/** One entry of a report's `runs`. Scores are shares between 0 and 1. */
export interface RunResult extends RunIdentity {
  /** Ids of the sets of weights, a member each. */
  readonly weights: readonly string[];
  /** Null where query or gallery have no labels. */
  readonly test: Scores | null;
  /** Validation query against validation gallery; null where training/ was not split (frozen runs without one). */
  readonly validation: Scores | null;
  /** Null for frozen runs. */
  readonly training: {
    readonly epochs: number;
    readonly bestEpoch: number;
    readonly bestValLoss: number | null;
  } | null;
  /** How the class posteriors of its ranking were made; null where it uses none. */
  readonly posterior: {
    /** s in softmax(s · cos), of each member. */
    readonly scales: readonly number[];
    /** The best cosine to a class, on average over the members, that 60 % of the validation images exceed. */
    readonly floor: number;
    /** Validation images that both were fitted on; without any, both came with the head's file, or are the usual ones. */
    readonly images: number;
    /** Whether images below the floor were taken for ones of no known class. */
    readonly open: boolean;
  } | null;
  /** What found the neighbours of the test queries; validation is always exact. */
  readonly index: IndexKind;
  readonly timing: {
    readonly extractMs: number;
    /** Null where nothing was extracted. */
    readonly imagesPerSecond: number | null;
    readonly trainMs: number;
    /** 0 where nothing is built. */
    readonly indexBuildMs: number;
    /** Median over the queries. */
    readonly queryMsP50: number;
  };
}

/** Where the figures were made. */
export interface Environment {
  /** Null where no engine was opened, since nothing needed one. */
  readonly backend: EngineKind | null;
  readonly adapter: string | null;
  readonly userAgent: string;
  readonly workers: number;
}

/** What the figures were made from: numbers of images used, a split each. */
export interface ReportDataset extends Readonly<Record<Split, number>> {
  readonly classes: number;
  /** Images whose label was set by hand. */
  readonly byHand: Readonly<Record<Split, number>>;
  /** Images that were excluded by hand; they are in no other number. */
  readonly excluded: Readonly<Record<Split, number>>;
  readonly problems: readonly Problem[];
}

/** A model that was chosen on validation alone, and how. */
export interface ReportChoice {
  /** "top-10". */
  readonly metric: string;
  /** Name of the chosen model's entry in `runs`. */
  readonly run: string;
  /** Step by step, the chosen model last; values are the mean of top-1 to top-k accuracy on held-out shoots of training/. */
  readonly path: readonly {
    readonly model: string;
    readonly value: number;
    /** Over the step before; null of the first. */
    readonly gain: number | null;
    readonly standardError: number | null;
  }[];
  /** 95 %, of the last value. */
  readonly interval: readonly [number, number];
  readonly tried: number;
  /** False where the time was up before nothing helped any more. */
  readonly complete: boolean;
}

export interface Report {
  readonly version: 1;
  readonly dataset: ReportDataset;
  readonly environment: Environment;
  readonly runs: readonly RunResult[];
  /** Where models were chosen. */
  readonly choices?: readonly ReportChoice[];
}

/** report.json. */
export function reportJson(
  dataset: ReportDataset,
  environment: Environment,
  runs: readonly RunResult[],
  choices: readonly ReportChoice[] = [],
): string {
  const report: Report = { version: 1, dataset, environment, runs, ...(choices.length > 0 && { choices }) };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Whether another seed could give other figures: frozen backbones, alone or side by side, have nothing random about them. */
export const dependsOnSeed = ({ head, combine }: Pick<RunIdentity, 'head' | 'combine'>): boolean =>
  head === 'finetuned' || (combine !== null && combine !== 'concat');

/**
 * Names a run in file names: `resnet50.frozen`, `resnet50+vit_base_patch16_224.finetuned.cosine.mean.seed0.cover`. The plain
 * ranking goes without saying, and so does the seed of a model in which nothing is random.
 */
export function runName(run: RunIdentity): string {
  const { model, head, classifier, combine, seed, rank } = run;
  const parts = [
    ...[model.replaceAll(':', '-'), head, classifier, combine],
    dependsOnSeed(run) ? `seed${seed}` : null,
    rank === 'plain' ? null : rank,
  ];
  return parts.filter((part) => part !== null).join('.');
}

const ends = v.tuple([v.number(), v.number()]);
const scores = v.pipe(
  v.object({
    queries: v.number(),
    skipped: v.number(),
    gallery: v.exactOptional(v.number()),
    topk: v.record(v.string(), v.number()),
    mapAtR: v.number(),
    mrr: v.number(),
    metrics: v.exactOptional(
      v.record(
        v.string(),
        v.object({ value: v.nullable(v.number()), interval: v.nullable(ends), macro: v.nullable(v.number()) }),
      ),
    ),
  }),
  // Earlier versions kept bootstrap intervals of shares, which have no width where all or none succeed.
  v.transform(({ topk, ...rest }) => ({
    ...rest,
    topk,
    ci95: Object.fromEntries(Object.entries(topk).map(([k, share]) => [k, wilsonOf(share, rest.queries)])),
  })),
);

/** For runs that are read back from storage. */
export const runResultSchema: v.GenericSchema<unknown, RunResult> = v.object({
  model: v.string(),
  head: v.picklist(['frozen', 'finetuned']),
  classifier: v.nullable(v.picklist(['linear', 'cosine'])),
  combine: v.nullable(v.picklist(['mean', 'concat', 'shared'])),
  seed: v.number(),
  // Earlier versions knew one order, which uses no classes.
  rank: v.optional(v.picklist(RANKING_NAMES), 'plain'),
  weights: v.array(v.string()),
  test: v.nullable(scores),
  validation: v.nullable(scores),
  training: v.nullable(v.object({ epochs: v.number(), bestEpoch: v.number(), bestValLoss: v.nullable(v.number()) })),
  posterior: v.optional(
    v.nullable(v.object({ scales: v.array(v.number()), floor: v.number(), images: v.number(), open: v.boolean() })),
    null,
  ),
  // Earlier versions kept results of exact search alone.
  index: v.optional(v.picklist(INDEX_KINDS), 'exact'),
  timing: v.object({
    extractMs: v.number(),
    imagesPerSecond: v.nullable(v.number()),
    trainMs: v.number(),
    indexBuildMs: v.number(),
    queryMsP50: v.number(),
  }),
});
