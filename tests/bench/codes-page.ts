/** What scripts/bench/codes drives in Chromium: storage, search worker and all, on numbers that are made in the page. */
import { openForQueries, searchGallery } from '../../src/core/gallery.ts';
import { storedRows } from '../../src/core/run-blocks.ts';
import { createSearchClient } from '../../src/core/search-client.ts';
import { seededRandom } from '../../src/math/random.ts';
import { similaritySource } from '../../src/math/similarity.ts';
import { selectTop } from '../../src/math/topk.ts';
import { normaliseRows } from '../../src/math/vectors.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { finishBlocks, putBlock, ROWS_A_BLOCK, startBlocks } from '../../src/storage/embeddings.ts';
import { getCodes } from '../../src/storage/indexes.ts';

const DIMENSIONS = 512;
const SPREAD = 0.7;
const K = 10;
const key = { datasetId: 'bench', modelId: 'bench', split: 'gallery' } as const;
const database = openDatabase('codes-bench');
const context = { database, search: createSearchClient(0) };

/** Unit rows around `classes` random directions, as galleries of photos lie; the classes of neighbouring rows have nothing to do with each other. */
function rowsFrom(first: number, count: number, classes: number, seed: number): Float32Array<ArrayBuffer> {
  const scale = 1 / Math.sqrt(DIMENSIONS);
  const random = seededRandom(seed, first);
  const matrix = new Float32Array(count * DIMENSIONS);
  for (let row = 0; row < count; row++) {
    const direction = directionOf(random.below(classes));
    for (let i = 0; i < DIMENSIONS; i++) {
      matrix[row * DIMENSIONS + i] = (direction[i] ?? 0) + random.gaussian() * scale * SPREAD;
    }
  }
  return normaliseRows(matrix, DIMENSIONS);
}

const directions = new Map<number, Float32Array>();
function directionOf(one: number): Float32Array {
  let direction = directions.get(one);
  if (!direction) {
    const random = seededRandom(99, one);
    direction = Float32Array.from({ length: DIMENSIONS }, () => random.gaussian() / Math.sqrt(DIMENSIONS));
    directions.set(one, direction);
  }
  return direction;
}

Object.assign(window, {
  bench: {
    /** Stores `rows` rows, and returns the exact similarity of the tenth neighbour of each of `asked` queries. */
    async make(rows: number, classes: number, asked: number) {
      const queries = rowsFrom(0, asked, classes, 5);
      const best = Array.from({ length: asked }, () => new Float32Array());
      await startBlocks(database, key);
      for (let block = 0; block * ROWS_A_BLOCK < rows; block++) {
        const matrix = rowsFrom(block, Math.min(ROWS_A_BLOCK, rows - block * ROWS_A_BLOCK), classes, 1);
        for (const { from, to, similarities } of similaritySource(matrix, queries, DIMENSIONS).blocks()) {
          const width = matrix.length / DIMENSIONS;
          for (let query = from; query < to; query++) {
            const its = similarities.subarray((query - from) * width, (query - from + 1) * width);
            const all = Float32Array.from([...(best[query] ?? []), ...its]);
            const top = new Float32Array(Math.min(K, all.length));
            selectTop(all, new Int32Array(top.length), top);
            best[query] = top;
          }
        }
        await putBlock(database, key, block, matrix, true);
        if (block % 16 === 0) await new Promise((resolve) => setTimeout(resolve));
      }
      await finishBlocks(database, key, { digest: 'bench', dimensions: DIMENSIONS, rows });
      return best.map((top) => top.at(-1));
    },
    /** Opens what is stored and asks one query: milliseconds of both, and since the page was loaded again. */
    async open(rows: number, classes: number) {
      const start = performance.now();
      await openForQueries(context, 'bench', storedRows(context, key, 'bench', rows));
      const opened = performance.now();
      await searchGallery(context, 'bench', rowsFrom(0, 1, classes, 5), K, 'codes');
      return { openMs: opened - start, askMs: performance.now() - opened, sinceReloadMs: performance.now() };
    },
    /** Ends when the codes of all rows are kept, which goes on beside the first searches: milliseconds of waiting, and megabytes that they take. */
    async kept(rows: number) {
      const start = performance.now();
      const blocks = Math.ceil(rows / ROWS_A_BLOCK);
      while ((await database.read((connection) => connection.count('codes'))) < blocks) {
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      const files = await getCodes(database, key, 'bench', blocks);
      const bytes = files.reduce((sum, file) => sum + (file?.size ?? 0), 0);
      return { ms: performance.now() - start, megabytes: bytes / 1e6 };
    },
    /** Milliseconds of each query from the page's side, and the similarities found. */
    async ask(classes: number, asked: number) {
      const queries = rowsFrom(0, asked, classes, 5);
      const answers: { ms: number; similarities: number[] }[] = [];
      for (let query = 0; query < asked; query++) {
        const one = queries.slice(query * DIMENSIONS, (query + 1) * DIMENSIONS);
        const start = performance.now();
        const { hits } = await searchGallery(context, 'bench', one, K, 'codes');
        answers.push({ ms: performance.now() - start, similarities: hits.map(({ similarity }) => similarity) });
      }
      return answers;
    },
  },
});
