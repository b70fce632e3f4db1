import type { ScoredSplit } from '../../types.ts';
import type { DifferenceFacts } from '../facts.ts';
import { html, type Markup, trusted } from '../html.ts';
import { countText, pointsText } from '../numbers.ts';
import { resultsTable } from '../results-table.ts';
import type { FigureFacts, ReportPageFacts } from './facts.ts';
import { tableOf } from './tables.ts';
import { amount } from './task.ts';

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
    ? html`<p>Test figures could not be computed, since query or gallery have no labels; validation figures stand in.</p>`
    : null
}
${scored.map((split) => splitResults(facts, split))}
${
  figures.length > 0
    ? html`<h3>Figures</h3>
${figures.map(figureOf)}`
    : null
}
</section>`;
}

function splitResults({ runs, differences }: ReportPageFacts, split: ScoredSplit): Markup {
  const title = TITLES[split];
  return html`<h3>${title}</h3>
<p>${queriesSentence(runs, split)} In per cent; 95 % intervals in brackets.</p>
${tableOf(resultsTable(runs, split), `${title} results`)}
${verdict(differences.filter((difference) => difference.split === split))}`;
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
        : ` (${countText(skipped)} left out, since their label or the gallery’s images of it are missing)`;
    return `${amount(queries, 'query', 'queries')}${out}`;
  });
  return `${parts.join('; or ')} ${parts.length === 1 && parts[0]?.startsWith('1 ') ? 'counts' : 'count'}.`;
}

function verdict(differences: readonly DifferenceFacts[]): Markup | null {
  const [any] = differences;
  if (!any) return null;
  const rows = differences.map(({ first, second, difference, interval, queries }) => [
    `${first} against ${second}`,
    pointsText(difference),
    `[${pointsText(interval[0])}, ${pointsText(interval[1])}]`,
    queries,
    separable(interval) ? (difference > 0 ? 'first is better' : 'second is better') : 'not separable',
  ]);
  const columns = [
    { title: 'Models', numeric: false },
    { title: 'Difference (points)', numeric: true },
    { title: '95 % interval', numeric: true },
    { title: 'Queries', numeric: true },
    { title: 'Verdict', numeric: false },
  ];
  const sentence = verdictSentence(differences);
  return html`${sentence === null ? null : html`<p>${sentence}</p>`}
${tableOf({ columns, rows }, `Differences in ${TITLES[any.split].toLowerCase()} top-${any.k} accuracy, paired bootstrap`)}`;
}

/** Whether the interval leaves out no difference at all. */
export const separable = ([low, high]: readonly [number, number]): boolean => low > 0 || high < 0;

/** What the differences to the run with the highest accuracy say; null where it is compared with none. */
function verdictSentence(differences: readonly DifferenceFacts[]): string | null {
  const best = differences.filter(({ firstIsHighest }) => firstIsHighest);
  const [any] = best;
  if (!any) return null;
  const ties = best.filter(({ difference }) => difference === 0).map(({ second }) => second);
  const equal = best.filter(({ difference, interval }) => difference !== 0 && !separable(interval));
  const highest =
    ties.length === 0
      ? `${any.first} has the highest top-${any.k} accuracy`
      : `${[any.first, ...ties].join('; ')} share the highest top-${any.k} accuracy`;
  if (equal.length > 0) {
    return `${highest}, not separable from: ${equal.map(({ second }) => second).join('; ')}. The intervals of these differences hold zero.`;
  }
  if (ties.length === best.length) return `${highest}.`;
  const compared = best.length - ties.length;
  const others =
    best.length === 1 ? any.second : `the ${compared} other${compared === 1 ? '' : 's'} scored on the same queries`;
  return `${highest}; the interval of the difference to ${others} leaves out zero.`;
}

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
