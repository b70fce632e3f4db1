import { seededRandom } from '../../math/random.ts';
import { english } from '../../metrics/format.ts';
import type { QueryOutcomes } from '../../types.ts';
import { html, type Markup } from '../html.ts';
import type { Example, ExampleImage, ExamplesFacts } from './facts.ts';

/** Section 4: some queries with their first neighbours. */
export function examplesSection(examples: ExamplesFacts | null): Markup | null {
  if (!examples) return null;
  const { run, split, seed, failedAt, rightOf, failedOf, right, failed, thumbnails } = examples;
  return html`<section>
<h2>4 Examples</h2>
<p>${split === 'test' ? 'Test' : 'Validation'} queries of “${run}”, drawn with seed ${seed} from each of two kinds: right at once (the first
neighbour is of the query’s class: ${english.amount(rightOf, 'query', 'queries')}), and failed (none of the first ${failedAt} is:
${english.amount(failedOf, 'query', 'queries')}). ${
    thumbnails
      ? 'Right neighbours carry a check mark, wrong ones a cross.'
      : 'Thumbnails were left out of this report; files and classes are named.'
  }</p>
<h3>Right at once</h3>
${right.length > 0 ? right.map(exampleOf) : html`<p>There is none.</p>`}
<h3>Failed at ${failedAt}</h3>
${failed.length > 0 ? failed.map(exampleOf) : html`<p>There is none.</p>`}
</section>`;
}

/** A query with its neighbours in a row. */
export function exampleOf({ query, firstHitRank, neighbours }: Example): Markup {
  return html`<div class="example">
<div class="image query">${pictureOf(query, 'Query')}<span class="words"><b>Query</b> ${classOf(query)}<br>first right neighbour:
rank ${firstHitRank > 0 ? firstHitRank : 'unknown'}</span></div>
<ol>${neighbours.map(
    (neighbour, at) => html`
<li class="image ${neighbour.right ? 'right' : 'wrong'}">${pictureOf(neighbour, `Neighbour ${at + 1}`)}<span class="words"><b>${
      neighbour.right ? '✓ right' : '✗ wrong'
    }</b> ${classOf(neighbour)}<br>similarity ${english.similarity(neighbour.similarity)}</span></li>`,
  )}
</ol>
</div>`;
}

const classOf = ({ className }: ExampleImage): string => className ?? 'class unknown';

function pictureOf({ picture, file, className }: ExampleImage, what: string): Markup {
  return picture === null
    ? html`<span class="file">${file}</span>`
    : html`<img src="${picture}" alt="${what}: ${className ?? 'class unknown'}, ${file}">`;
}

/** Keep the draws of the two kinds apart from each other. */
const RIGHT_STREAM = 0x4e1;
const FAILED_STREAM = 0x4e2;

/** Entries of the outcomes' lists. */
export interface ChosenExamples {
  /** Queries of each kind. */
  readonly rightOf: number;
  readonly failedOf: number;
  readonly right: readonly number[];
  readonly failed: readonly number[];
}

/**
 * Up to `count` queries whose first neighbour is right, and up to `count` with no right one among the first `failedAt`,
 * each drawn at random from all of its kind by the seed. Queries that count nowhere are of neither kind.
 */
export function chooseExamples(
  { relevant, firstHitRank }: QueryOutcomes,
  failedAt: number,
  count: number,
  seed: number,
): ChosenExamples {
  const counted = [...relevant.keys()].filter((entry) => (relevant[entry] ?? 0) > 0);
  const rankOf = (entry: number) => firstHitRank[entry] || Number.POSITIVE_INFINITY;
  const right = counted.filter((entry) => rankOf(entry) === 1);
  const failed = counted.filter((entry) => rankOf(entry) > failedAt);
  const drawn = (entries: readonly number[], stream: number) =>
    seededRandom(seed, stream)
      .shuffle([...entries])
      .slice(0, count);
  return {
    rightOf: right.length,
    failedOf: failed.length,
    right: drawn(right, RIGHT_STREAM),
    failed: drawn(failed, FAILED_STREAM),
  };
}
