import type { RunChoice, RunRow } from '../../app/comparison/comparison.ts';
import { inTieOrder, resultRows, scoreOfRuns } from '../../core/result-rows.ts';
import { unranked } from '../../core/run-choice.ts';
import { bestChosen, extentOf, isWhole } from '../../metrics/best-run.ts';
import type { Metric } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';
import { formatMetric } from '../format.ts';

interface ModelOption {
  readonly value: string;
  /** With its score, where it has one. */
  readonly label: string;
}

/** The models that can answer, the best first, each with its score by what tells them apart. */
export interface ModelOptions {
  /** "Top-1 on validation, in per cent"; null where none is scored. */
  readonly heading: string | null;
  readonly options: readonly ModelOption[];
}

/** Runs that differ in their ranking alone are one model: the ranking is a choice of its own. */
export function modelOptions(runs: readonly RunRow[]): ModelOptions {
  const chosen = bestChosen(resultRows(runs).map((row) => row.runs));
  const models = oneOfEach(runs);
  // Among equal scores, the default model comes first here too.
  const tied = chosen ? inTieOrder(models, (run) => [run], chosen.split) : models;
  const scored = tied.map((run) => ({
    run,
    score: chosen && (scoreOfRuns([run], chosen.split, chosen.best.metric)?.value ?? null),
  }));
  // Figures for a part of the images cannot be ranked among those for all.
  const all = chosen && extentOf(models, chosen.split);
  const isPart = (run: RunRow) => chosen !== null && all !== null && !isWhole([run], chosen.split, all);
  const sign = chosen?.best.metric.higherIsBetter === false ? 1 : -1;
  const ordered = scored.toSorted((a, b) =>
    a.score === null || b.score === null
      ? Number(a.score === null) - Number(b.score === null)
      : Number(isPart(a.run)) - Number(isPart(b.run)) || sign * (a.score - b.score),
  );
  return {
    heading: chosen && headingOf(chosen.split, chosen.best.metric),
    options: ordered.map(({ run, score }) => ({
      value: run.id,
      label:
        score === null || chosen === null
          ? nameOf(run)
          : `${nameOf(run)} · ${shortName(chosen.best.metric)} ${formatMetric(score, chosen.best.metric.format)} ${onSplit(chosen.split)}`,
    })),
  };
}

/** The dashboard shows the test’s figures, and search is chosen by those of validation: beside each stands which it is. */
const onSplit = (split: ScoredSplit): string => (split === 'validation' ? 'on validation' : 'on test');

/** The closed menu shows no heading, and what tells models apart is another metric in each data set: "top-10", "mAP@R". */
const shortName = ({ title }: Metric): string => title.replace(/^(Top|Median)/, (word) => word.toLowerCase());

function headingOf(split: ScoredSplit, { title, format }: Metric): string {
  return `${title} ${onSplit(split)}${format === 'share' ? ', in per cent' : ''}`;
}

/** The plain run of each model, else any. */
function oneOfEach(runs: readonly RunRow[]): RunRow[] {
  const models = new Map<string, RunRow>();
  for (const run of runs) {
    if (run.choice.rank === 'plain' || !models.has(unranked(run))) models.set(unranked(run), run);
  }
  return [...models.values()];
}

/** The entry of the run that answers; empty where none does. */
export function optionOf(runs: readonly RunRow[], runId: string | null): string {
  const run = runs.find(({ id }) => id === runId);
  return oneOfEach(runs).find((one) => run !== undefined && unranked(one) === unranked(run))?.id ?? '';
}

/** Without its ranking. Fine-tuned runs of several seeds look alike otherwise. */
function nameOf({ label, choice }: RunRow): string {
  const name = label.replace(/, ranked by \w+$/, '');
  return isSeededByHead(choice) ? `${name}, seed ${choice.recipe.seed}` : name;
}

const isSeededByHead = ({ members }: RunChoice): boolean => members.some(({ head }) => head === 'finetuned');
