import { extentOf } from '../../metrics/best-run.ts';
import { english } from '../../metrics/format.ts';
import { verdictOf } from '../../metrics/intervals.ts';
import { judgedByName } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';
import { bestOf, type ChosenFacts, type DifferenceFacts, runWords } from '../facts.ts';
import { html, type Markup, trusted } from '../html.ts';
import { metricsOf, resultsTable } from '../results-table.ts';
import type { FigureFacts, ReportPageFacts } from './facts.ts';
import { bestSentence } from './summary.ts';
import { tableOf } from './tables.ts';

const TITLES: Readonly<Record<ScoredSplit, string>> = { test: 'Test', validation: 'Validation' };

/** Section 3: the tables, which differences the queries carry, the figures. */
export function resultsSection(facts: ReportPageFacts): Markup {
  const { runs, figures } = facts;
  const scored = (['test', 'validation'] as const).filter((split) => runs.some(({ result }) => result[split]));
  return html`<section>
<h2>3 Results</h2>
${scored.length === 0 ? html`<p>No run could be scored: neither test nor validation has labels to compare with.</p>` : null}
${
  scored.length > 0 && !scored.includes('test')
    ? html`<p>Test figures could not be computed, since query or gallery have no labels, or no class in common; the validation figures are given instead.</p>`
    : null
}
${scored.map((split) => splitResults(facts, split))}${choices(runs)}
${
  figures.length > 0
    ? html`<h3>Figures</h3>
${figures.map(figureOf)}`
    : null
}
</section>`;
}

function splitResults({ runs, metric, differences }: ReportPageFacts, split: ScoredSplit): Markup {
  const title = TITLES[split];
  const further = metricsOf(runs, split).filter(({ always }) => !always);
  return html`<h3>${title}</h3>
<p>${[queriesSentence(runs, split), partsSentence(runs, split)].filter((said) => said !== null).join(' ')} Shares in per cent; 95 % intervals in brackets.</p>
${tableOf(resultsTable(runs, split), `${title} results`)}
${
  further.length === 0
    ? null
    : html`<details>
<summary>Further metrics</summary>
${tableOf(resultsTable(runs, split, further), `${title} results, further metrics`)}
</details>`
}
${verdict(
  bestOf(runs, split, metric),
  split,
  differences.filter((difference) => difference.split === split),
)}`;
}

/** The paths by which models were chosen as the best, step by step. */
function choices(runs: ReportPageFacts['runs']): Markup | null {
  const all = runs.flatMap(({ chosen = [] }) => chosen);
  return all.length === 0
    ? null
    : html`
<h3>How the best was chosen</h3>
${all.map(choice)}`;
}

function choice({ k, path, interval, tried, complete }: ChosenFacts): Markup {
  const worth = judgedByName(k);
  const columns = [
    { title: 'Step', numeric: true },
    { title: 'Model', numeric: false },
    { title: 'Worth', numeric: true },
    { title: 'Gain ± standard error (points)', numeric: true },
  ];
  const rows = path.map(({ label, value, gain }, at) => [
    at + 1,
    label,
    english.share(value),
    gain && `${english.points(gain.mean)} ± ${english.share(gain.standardError)}`,
  ]);
  return html`<p>For top-${k} accuracy, by ${worth} on images of training whose shoots were held out from the heads, a third at a
time: greedy stepwise selection over members, ways to combine and rankings, no step of which gains less than its standard error over shoots. ${english.amount(tried, 'model')} tried${
    complete ? ', until nothing more helped' : ', until the time was up; more time may find a better one'
  }. The last is worth ${english.share(path.at(-1)?.value ?? 0)} ${english.interval(interval)} on these images, which is not comparable with the figures on validation: there, photos of one shoot stand on both sides.</p>
${tableOf({ columns, rows }, `The path to the best for top-${k} accuracy`)}`;
}

/** How many queries count; said for each number where runs differ. */
function queriesSentence(runs: ReportPageFacts['runs'], split: ScoredSplit): string {
  const counts = new Map<string, [queries: number, skipped: number]>();
  for (const { result } of runs) {
    const scores = result[split];
    if (scores) counts.set(`${scores.queries}/${scores.skipped}`, [scores.queries, scores.skipped]);
  }
  const parts = [...counts.values()].map(([queries, skipped]) => {
    const out =
      skipped === 0
        ? ''
        : ` (${english.count(skipped)} left out: without a label, or without a gallery image of their class)`;
    return `${english.amount(queries, 'query', 'queries')}${out}`;
  });
  return `${parts.join(' or ')} ${parts.length === 1 && parts[0]?.startsWith('1 ') ? 'counts' : 'count'}.`;
}

/** Which runs searched a part of the gallery alone, as imported vectors of some images do; null where none did. */
function partsSentence(runs: ReportPageFacts['runs'], split: ScoredSplit): string | null {
  const { gallery: all } = extentOf(runs, split);
  const parts = runs.flatMap((run) => {
    const { gallery = all } = run.result[split] ?? {};
    return gallery < all
      ? [`${runWords(run)}: ${english.count(gallery)} of ${english.amount(all, 'gallery image')}`]
      : [];
  });
  if (parts.length === 0) return null;
  return `Judged against a part of the gallery, which is easier, and so not compared with the others: ${parts.join('; ')}.`;
}

function verdict(best: ReturnType<typeof bestOf>, split: ScoredSplit, differences: readonly DifferenceFacts[]): Markup {
  const sentence = best && html`<p>${bestSentence(best, split, differences)}</p>`;
  const [any] = differences;
  if (!any) return html`${sentence}`;
  const { format, higherIsBetter, name } = any.metric;
  const rows = differences.map(({ first, second, difference, interval, queries }) => [
    `${first} against ${second}`,
    english.difference(difference, format),
    english.differenceInterval(interval, format),
    queries,
    WORDS[verdictOf(interval, higherIsBetter)],
  ]);
  const columns = [
    { title: 'Models', numeric: false },
    { title: format === 'share' ? 'Difference (points)' : 'Difference', numeric: true },
    { title: '95 % interval', numeric: true },
    { title: 'Queries', numeric: true },
    { title: 'Verdict', numeric: false },
  ];
  return html`${sentence}
${tableOf({ columns, rows }, `Differences in ${TITLES[split].toLowerCase()} ${name}, paired over the queries`)}`;
}

const WORDS = { better: 'first is better', worse: 'second is better', 'not separable': 'not separable' } as const;

function figureOf({ id, title, summary, svg, columns, rows }: FigureFacts): Markup {
  return html`<figure id="figure-${id}">
<figcaption>${summary}</figcaption>
<div class="paper" role="img" aria-label="${`${title}. ${summary}`}"><div aria-hidden="true">${trusted(svg)}</div></div>
<details>
<summary>The numbers of “${title}”</summary>
${tableOf({ columns, rows }, title)}
</details>
</figure>`;
}
