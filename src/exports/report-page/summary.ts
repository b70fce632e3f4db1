import { type Best, type ModelRuns, saturationWords, superlative } from '../../metrics/best-run.ts';
import { english } from '../../metrics/format.ts';
import { verdictOf } from '../../metrics/intervals.ts';
import type { Metric } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';
import { baselineOf, bestOf, type DifferenceFacts, modelWords, type RunFacts } from '../facts.ts';
import { html, type Markup } from '../html.ts';
import { scoreWords } from '../results-table.ts';
import { exampleOf } from './examples.ts';
import type { ReportPageFacts } from './facts.ts';

/** What a reader can quote: the best model with its interval, against the baseline, and one query with its neighbours. */
export function summarySection(facts: ReportPageFacts): Markup | null {
  const { runs, metric, differences, examples } = facts;
  const split = (['test', 'validation'] as const).find((one) => runs.some(({ result }) => result[one]));
  const best = split && bestOf(runs, split, metric);
  if (!split || !best) return null;
  const own = differences.filter((difference) => difference.split === split);
  const example = examples?.right[0] ?? examples?.failed[0] ?? null;
  return html`<section class="summary" aria-label="Summary">
<p><b>${bestSentence(best, split, own)}</b></p>
<p>${scopeSentence(runs, best, split)} ${baselineSentence(runs, best, split, own)}</p>
${
  example && examples
    ? html`<p>One ${examples.split} query and its first neighbours by ${examples.run}:</p>
${exampleOf(example)}`
    : null
}
</section>`;
}

/** Which models are the best, all of them where several are, and what their differences to the others say. */
export function bestSentence(
  best: Best<ModelRuns<RunFacts>>,
  split: ScoredSplit,
  differences: readonly DifferenceFacts[],
): string {
  const names = best.rows.map(modelWords);
  const { metric } = best;
  const reached = scoreWords(best.rows[0], split, metric);
  // Others that are not perfect may be higher in what decides.
  const among = best.saturated ? 'Of these, ' : '';
  const highest = `${among}${names.join('; ')} ${names.length === 1 ? 'has' : 'share'} the ${superlative(metric)} ${metric.name}: ${reached}.`;
  const others = differences.filter(({ firstIsBest, second }) => firstIsBest && !names.includes(second));
  const close = others.filter(({ interval }) => verdictOf(interval, metric.higherIsBetter) === 'not separable');
  return [saturationWords(best), highest, othersWords(others, close)].filter((part) => part !== null).join(' ');
}

function othersWords(others: readonly DifferenceFacts[], close: readonly DifferenceFacts[]): string | null {
  if (close.length > 0) {
    return `Not separable from: ${close.map(({ second }) => second).join('; ')}. The intervals of these differences include zero.`;
  }
  const [only] = others;
  if (!only) return null;
  const whom = others.length === 1 ? only.second : `each of the ${others.length} others scored on the same queries`;
  return `The interval of the difference to ${whom} excludes zero.`;
}

function scopeSentence(
  runs: readonly RunFacts[],
  { rows: [[first]] }: Best<ModelRuns<RunFacts>>,
  split: ScoredSplit,
): string {
  const { queries = 0 } = first.result[split] ?? {};
  const asked = english.amount(queries, `${split} query`, `${split} queries`);
  const unseen = unseenWords(runs);
  return split === 'test'
    ? `Measured with ${asked}${unseen}.`
    : `Measured with ${asked} from the training images${unseen}: query and gallery have no labels in common to test with.`;
}

/** What heads have not seen of the queries; of a head from a file nothing is known. */
function unseenWords(runs: readonly RunFacts[]): string {
  const trained = runs.some(({ result, loaded }) => result.head === 'finetuned' && loaded === null);
  if (runs.every(({ loaded }) => loaded === null)) return trained ? ', which no head has learned from' : '';
  return `${trained ? ', which no head that was trained here has learned from' : ''}; what a head from a file has learned from is not known`;
}

/** What the best model is worth over the baseline; nothing where it is the baseline itself, or there is none. */
function baselineSentence(
  runs: readonly RunFacts[],
  { rows, metric }: Best<ModelRuns<RunFacts>>,
  split: ScoredSplit,
  differences: readonly DifferenceFacts[],
): string | null {
  const baseline = baselineOf(runs, split, metric);
  if (!baseline || rows.includes(baseline) || rows.some(([first]) => first.modelKey === baseline[0].modelKey))
    return null;
  const name = modelWords(baseline);
  const found = differences.find(({ firstIsBest, second }) => firstIsBest && second === name);
  const gained = found ? `: ${gainWords(found, metric)}` : '';
  return `Against the baseline, ${name} (${scoreWords(baseline, split, metric)})${gained}.`;
}

function gainWords({ difference, interval }: DifferenceFacts, { format, name }: Metric): string {
  const unit = format === 'share' ? 'points of ' : 'in ';
  return `${english.difference(difference, format)} ${english.differenceInterval(interval, format)} ${unit}${name}`;
}
