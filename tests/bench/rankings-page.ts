/** What scripts/bench/rankings drives in Chromium: the product's search worker, on numbers that are made in the page. */
import { clusters } from '../../scripts/bench/clusters.ts';
import { openGallery, searchGallery } from '../../src/core/gallery.ts';
import { judge } from '../../src/core/score.ts';
import { createSearchClient } from '../../src/core/search-client.ts';
import { seededRandom } from '../../src/math/random.ts';
import type { RankingName } from '../../src/search/rankings.ts';
import type { Embeddings, RowBlocks } from '../../src/storage/embeddings.ts';

/** Rows made, and handed over, at a time: a gallery of 100,000 × 1,000 classes is never in the page whole. */
const BLOCK = 4096;
const context = { search: createSearchClient() };
let queries: Embeddings = { matrix: new Float32Array(), dimensions: 1 };
let queryClasses: Embeddings = { matrix: new Float32Array(), dimensions: 1 };
let labels: { readonly query: string[]; readonly gallery: string[] } = { query: [], gallery: [] };
let key = '';

const rowOf = ({ matrix, dimensions }: Embeddings, row: number) =>
  matrix.slice(row * dimensions, (row + 1) * dimensions);

const classOf = (row: number, rows: number, classes: number) => Math.floor((row * classes) / rows);

/** About what a head says of photos: 0.6 to the own class, around 0 to the others. */
function cosines(from: number, to: number, rows: number, classes: number, seed: number): Embeddings {
  const random = seededRandom(seed, from);
  const matrix = new Float32Array((to - from) * classes);
  for (let row = from; row < to; row++) {
    const own = classOf(row, rows, classes);
    for (let c = 0; c < classes; c++) {
      matrix[(row - from) * classes + c] = (c === own ? 0.6 : 0) + 0.16 * (random.uniform() - 0.5);
    }
  }
  return { matrix, dimensions: classes };
}

function blocks(rows: number, of: (from: number, to: number) => Embeddings): RowBlocks {
  return {
    rows,
    async *blocks() {
      for (let from = 0; from < rows; from += BLOCK) yield of(from, Math.min(rows, from + BLOCK));
    },
  };
}

Object.assign(window, {
  bench: {
    /** Hands a gallery of `rows` images × `dimensions` and `classes` classes to the worker, and makes `asked` queries. */
    async open(rows: number, classes: number, asked: number, dimensions: number) {
      const whole = clusters(rows, dimensions, { classes });
      const embeddings = blocks(rows, (from, to) => ({
        matrix: whole.slice(from * dimensions, to * dimensions),
        dimensions,
      }));
      key = `${rows} × ${dimensions}, ${classes} classes`;
      await openGallery(context, key, embeddings, {
        name: key,
        settings: { scales: [12], floor: null },
        rows: blocks(rows, (from, to) => cosines(from, to, rows, classes, 1)),
      });
      queries = { matrix: clusters(asked, dimensions, { classes, seed: 5 }), dimensions };
      queryClasses = cosines(0, asked, asked, classes, 2);
      const named = (count: number) => Array.from({ length: count }, (_, row) => String(classOf(row, count, classes)));
      labels = { query: named(asked), gallery: named(rows) };
    },
    /** Milliseconds in the worker of the query for its ten nearest. */
    async ask(ranking: RankingName, row: number) {
      const query = rowOf(queries, row);
      const own = rowOf(queryClasses, row);
      const by = ranking === 'plain' ? null : { ranking, cosines: own };
      return (await searchGallery(context, key, query, 10, 'exact', by)).ms;
    },
    /** Milliseconds of the whole judgement of all queries, as an evaluation makes it. */
    async judgeAll(ranking: RankingName) {
      const by = ranking === 'plain' ? null : { ranking, classes: queryClasses };
      const start = performance.now();
      const { signal } = new AbortController();
      await judge(context, { key, index: 'exact', queries, by }, labels.query, labels.gallery, [1, 5, 10], signal);
      return performance.now() - start;
    },
  },
});
