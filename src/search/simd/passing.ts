import type { SimilarityBlock } from '../../math/similarity.ts';
import { emptyRankings, type Rankings } from '../../math/topk.ts';
import { countRows } from '../../math/vectors.ts';
import type { Comparison, GalleryShape, QueryTeam } from '../held-gallery.ts';
import { rankExactly, similarityBlocks } from './exact.ts';
import { type SimdGallery, simdGallery } from './gallery.ts';
import type { SearchInstance } from './instance.ts';

/**
 * 16 MB, which each worker holds of a gallery that passes. Few tiles are better than many: in each of them the k best are compared in
 * float64, of which the next tile's may leave nothing.
 */
const TILE_NUMBERS = 2 ** 22;

/** Multiply-adds in float64 between two chances to cancel; a gallery that passes for fewer takes as long to pass. */
const PRODUCTS_PER_PASS = 2e9;
const [FEWEST_QUERIES, MOST_QUERIES] = [16, 128];
/** Queries that are ranked in one pass: of them only the k best are kept. */
const RANKED_QUERIES = 1024;

/** A gallery whose rows come by, a tile at a time. */
interface Passing extends GalleryShape {
  readonly team: QueryTeam;
  /** Holds the rows of one tile. */
  readonly tile: SimdGallery;
  /** Brings rows into the tile, from `start` on. Throws where they do not come any more. */
  bring(start: number): void;
}

/** How the worker without a gallery compares its part of the queries. @throws AppError 'aborted' where the team ends. */
export function comparedByGuest(
  shape: GalleryShape,
  team: QueryTeam,
  fresh: () => SearchInstance,
  tileNumbers = TILE_NUMBERS,
): Comparison {
  const tile = openTile(shape, fresh, tileNumbers);
  const passing: Passing = { ...shape, team, tile, bring: () => team.pass(() => tile.vectors(0, tile.rows)) };
  return {
    rank: (queries, k) => rankPassing(passing, queries, k),
    similarities: (queries) => ({
      queries: countRows(queries, shape.dimensions),
      rows: shape.rows,
      blocks: () => passingBlocks(passing, queries),
    }),
  };
}

/** How the worker that holds the gallery compares its part of the queries. Where the team ends, it goes on alone. */
export function comparedByHolder(
  gallery: SimdGallery,
  team: QueryTeam,
  fresh: () => SearchInstance,
  tileNumbers = TILE_NUMBERS,
): Comparison {
  const { rows, dimensions } = gallery;
  const tile = openTile(gallery, fresh, tileNumbers);
  let ended = false;
  const passing: Passing = {
    ...{ rows, dimensions, team, tile },
    bring(start) {
      tile.vectors(0, tile.rows).set(gallery.vectors(start, tile.rows));
      try {
        team.pass(() => tile.vectors(0, tile.rows));
      } catch (error) {
        ended = true;
        throw error;
      }
    },
  };
  return {
    *rank(queries, k) {
      try {
        return yield* rankPassing(passing, queries, k);
      } catch (error) {
        if (!ended) throw error;
      }
      return yield* rankExactly(gallery, queries, k);
    },
    similarities: (queries) => ({
      queries: countRows(queries, dimensions),
      rows,
      *blocks() {
        let done = 0;
        try {
          for (const block of passingBlocks(passing, queries)) {
            yield block;
            done = block.to;
          }
          return;
        } catch (error) {
          if (!ended) throw error;
        }
        for (const { from, to, similarities } of similarityBlocks(gallery, queries.subarray(done * dimensions))) {
          yield { from: done + from, to: done + to, similarities };
        }
      },
    }),
  };
}

/** Tiles of equal size, the same in all workers. */
function openTile({ rows, dimensions }: GalleryShape, fresh: () => SearchInstance, tileNumbers: number): SimdGallery {
  const tiles = Math.max(1, Math.ceil(rows / Math.max(1, Math.floor(tileNumbers / dimensions))));
  return simdGallery(fresh(), Math.ceil(rows / tiles), dimensions);
}

/**
 * Lets the gallery pass once: yields where each tile starts, and how many of its first rows came with the one before. The last tile
 * starts early enough to be as long as the others.
 */
function* tilesOf({ rows, tile, bring }: Passing): Generator<{ readonly start: number; readonly seen: number }> {
  for (let next = 0; next < rows; next += tile.rows) {
    const start = Math.min(next, rows - tile.rows);
    bring(start);
    yield { start, seen: next - start };
  }
}

/** This worker's queries [m, dimensions] in as many parts as those of all others, one for each time that the gallery passes. */
function* partsOf({ team, dimensions }: Passing, queries: Float32Array, most: number) {
  const m = countRows(queries, dimensions);
  const passes = Math.ceil(Math.ceil(team.queries / team.workers) / most);
  for (let pass = 0; pass < passes; pass++) {
    const [from, to] = [Math.round((pass * m) / passes), Math.round(((pass + 1) * m) / passes)];
    yield { from, to, part: queries.subarray(from * dimensions, to * dimensions) };
  }
}

/** See similarityBlocks: bit-identical, since every pair's similarity is a sum of its own. */
function* passingBlocks(passing: Passing, queries: Float32Array): Generator<SimilarityBlock, void> {
  const { rows, dimensions, tile } = passing;
  const { instance } = tile;
  const fitting = Math.floor(PRODUCTS_PER_PASS / Math.max(1, rows * dimensions));
  const most = Math.max(FEWEST_QUERIES, Math.min(MOST_QUERIES, fitting));
  let similarities = new Float32Array();
  for (const { from, to, part } of partsOf(passing, queries, most)) {
    if (similarities.length < (to - from) * rows) similarities = new Float32Array((to - from) * rows);
    for (const { start } of tilesOf(passing)) {
      for (const { from: first, count } of tile.queryBlocks(part)) {
        instance.withRoom(4 * count * tile.rows, (address) => {
          instance.exact_products(count, address);
          for (let query = 0; query < count; query++) {
            const its = instance.floats(address + 4 * query * tile.rows, tile.rows);
            similarities.set(its, (first + query) * rows + start);
          }
        });
      }
    }
    yield { from, to, similarities };
  }
}

/** See rankExactly: a row among the k best of all is among the k best of its tile. */
function* rankPassing(passing: Passing, queries: Float32Array, k: number): Generator<number, Rankings> {
  const { rows, dimensions, tile } = passing;
  const { instance } = tile;
  const rankings = emptyRankings(countRows(queries, dimensions), k);
  const found = Math.min(k, tile.rows);
  const room = { rows: new Int32Array(k), similarities: new Float32Array(k) };
  for (const { from, to, part } of partsOf(passing, queries, RANKED_QUERIES)) {
    for (const { start, seen } of tilesOf(passing)) {
      for (const { from: first, count } of tile.queryBlocks(part)) {
        instance.withRoom(8 * count * found, (address) => {
          const similarities = address + 4 * count * found;
          instance.exact_search(count, found, address, similarities);
          for (let query = 0; query < count; query++) {
            const at = (from + first + query) * k;
            merge(
              { rows: rankings.rows.subarray(at, at + k), similarities: rankings.similarities.subarray(at, at + k) },
              {
                rows: instance.integers(address + 4 * query * found, found),
                similarities: instance.floats(similarities + 4 * query * found, found),
              },
              { start, seen },
              room,
            );
          }
        });
        yield from + Math.floor(((to - from) * (start + seen)) / rows);
      }
    }
    yield to;
  }
  return rankings;
}

/** Gallery rows, best first, ties by gallery order. */
interface Ranked {
  readonly rows: Int32Array;
  readonly similarities: Float32Array;
}

/** Takes what belongs among the best of all tiles so far, in place. Rows of a later tile come later in the gallery. */
function merge(
  best: Ranked,
  more: Ranked,
  { start, seen }: { readonly start: number; readonly seen: number },
  room: Ranked,
): void {
  const k = best.rows.length;
  let kept = 0;
  let taken = 0;
  for (let rank = 0; rank < k; rank++) {
    while (taken < more.rows.length && (more.rows[taken] as number) < seen) taken++;
    if (taken < more.rows.length && (more.similarities[taken] as number) > (best.similarities[kept] as number)) {
      room.rows[rank] = start + (more.rows[taken] as number);
      room.similarities[rank] = more.similarities[taken] as number;
      taken++;
    } else {
      room.rows[rank] = best.rows[kept] as number;
      room.similarities[rank] = best.similarities[kept] as number;
      kept++;
    }
  }
  best.rows.set(room.rows);
  best.similarities.set(room.similarities);
}
