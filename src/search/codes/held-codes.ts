import { AppError } from '../../errors.ts';
import { fnv1a } from '../../math/fnv.ts';
import { dot } from '../../math/similarity.ts';
import { emptyRankings, type Rankings, selectTop } from '../../math/topk.ts';
import { assertUnitRows, countRows } from '../../math/vectors.ts';
import type { Work } from '../work.ts';
import { type CodeKernel, type CodeRows, type Scored, TILE_ROWS, type WholeQuery, wholeQuery } from './kernel.ts';

/** Rows that may be compared again by their vectors, those with the best scores. */
export const RESCORED = 1000;

/** Vectors that are read at first; then as many again as have been read, while others may still be among the k best. */
const FIRST_READ = 64;

/** Blocks that are read while codes are made of one. */
const AHEAD = 2;

/** Rows nearer to each other than this are read together: what lies between is read faster than they are one by one. */
const GAP_BYTES = 65_536;

/**
 * A gallery whose rows are held as codes of 8 bits; the vectors stay where they are stored. Every query is compared with the codes of
 * all rows, and with the vectors of the RESCORED best; of these, not with ones whose codes rule them out.
 */
export interface HeldCodes {
  readonly form: 'codes';
  readonly dimensions: number;
  readonly rows: number;
  /**
   * The min(k, rows) best rows of each of `queries` [m, dimensions], with their exact cosines: best first, ties by gallery order. Where
   * k exceeds RESCORED, as many are compared by their vectors. Throws AppError 'dataset-unusable' where these cannot be read.
   */
  search(queries: Float32Array, k: number, work: Work): Promise<Rankings>;
  /** Blocks whose codes were made of their vectors, since none were kept, or damaged ones. */
  readonly made: readonly number[];
  /** The codes of a block, to be kept. */
  saved(block: number): Blob;
  dispose(): void;
}

/** Rows of vectors as float32 where they are stored, one block after another; [m, dimensions] each. */
export interface StoredVectors {
  readonly rows: number;
  readonly dimensions: number;
  readonly blocks: readonly Blob[];
  /** What `saved` of an earlier gallery of the same vectors gave, by block; null of none. */
  readonly codes?: readonly (Blob | null)[];
}

/**
 * Reads the codes that are kept, makes those of all other rows, and calls `onRows` with how many are there. Throws AppError
 * 'bad-argument' unless they are as many unit rows or zero as announced, and where they are too many; 'dataset-unusable' where they
 * cannot be read.
 */
export async function holdCodes(
  kernel: CodeKernel,
  stored: StoredVectors,
  onRows: (done: number) => void = () => {},
): Promise<HeldCodes> {
  const { rows, dimensions, blocks } = stored;
  const places: Place[] = [];
  let end = 0;
  for (const blob of blocks) {
    const inBlock = blob.size / (4 * dimensions);
    if (!Number.isInteger(inBlock)) throw new AppError('bad-argument', 'A block of embeddings has no whole rows.');
    places.push({ blob, first: end, end: end + inBlock });
    end += inBlock;
  }
  if (end !== rows) throw new AppError('bad-argument', `There are ${end} rows, and ${rows} were announced.`);
  const codes = kernel.room(rows, dimensions);
  const made: number[] = [];
  const reading: Promise<Float32Array | Kept | null>[] = [];
  for (const [i, place] of places.entries()) {
    for (const { blob } of places.slice(i + reading.length, i + AHEAD + 1)) {
      const kept = stored.codes?.[i + reading.length];
      const read = kept ? readKept(kept, blob, dimensions) : vectorsOf(blob);
      // There may be no caller waiting for it yet.
      read.catch(() => {});
      reading.push(read);
    }
    const read = (await reading.shift()) ?? null;
    if (!read || read instanceof Float32Array || !take(codes, place, read)) {
      const block = read instanceof Float32Array ? read : await vectorsOf(place.blob);
      assertUnitRows(block, dimensions);
      codes.write(block, place.first);
      made.push(i);
    }
    onRows(place.end);
  }
  return {
    form: 'codes',
    dimensions,
    rows,
    async search(queries, k, work) {
      const rankings = emptyRankings(countRows(queries, dimensions), k);
      for (let query = 0; query * k < rankings.rows.length; query++) {
        const asked = queries.subarray(query * dimensions, (query + 1) * dimensions);
        const whole = wholeQuery(asked, codes.stride);
        const candidates = await work.steps(bestCodes(codes, rows, whole, Math.min(rows, Math.max(k, RESCORED))));
        const most = mostSimilar(codes, candidates, asked, whole);
        // The likeliest first. What is not read stays behind everything.
        const order = Int32Array.from(most.keys()).sort((a, b) => (most[b] as number) - (most[a] as number));
        const similarities = new Float32Array(order.length).fill(Number.NEGATIVE_INFINITY);
        const top = new Int32Array(Math.min(k, order.length));
        const best = rankings.similarities.subarray(query * k, query * k + top.length);
        for (let read = 0; read < order.length; ) {
          const some = order.subarray(read, Math.max(2 * read, k, FIRST_READ)).sort();
          await readSimilarities(places, candidates.rows, some, asked, similarities);
          if (work.signal.aborted) throw work.signal.reason;
          read += some.length;
          // Candidates are in gallery order, and so are those that are equal.
          selectTop(similarities, top, best);
          if ((most[order[read] ?? 0] as number) < (best.at(-1) ?? Number.NEGATIVE_INFINITY)) break;
        }
        top.forEach((candidate, rank) => {
          rankings.rows[query * k + rank] = candidates.rows[candidate] as number;
        });
      }
      return rankings;
    },
    made,
    saved(block) {
      const place = places[block];
      if (!place) throw new AppError('bad-argument', `There is no block ${block} of this gallery.`);
      return new Blob([saveCodes(codes, place.first, place.end - place.first)]);
    },
    // The codes go with what made room for them.
    dispose() {},
  };
}

/** Where the rows first … end lie. */
interface Place {
  readonly blob: Blob;
  readonly first: number;
  readonly end: number;
}

/** Kept codes of a block, and its first vector. */
interface Kept {
  readonly saved: ArrayBuffer;
  readonly vector: Float32Array;
}

/** Null where either cannot be read: the codes are made again then. */
async function readKept(codes: Blob, vectors: Blob, dimensions: number): Promise<Kept | null> {
  try {
    const [saved, first] = await Promise.all([codes.arrayBuffer(), vectors.slice(0, 4 * dimensions).arrayBuffer()]);
    return { saved, vector: new Float32Array(first) };
  } catch {
    return null;
  }
}

/** False where they are damaged, or of other vectors: those of the first are made again, and are to be the same. */
function take(codes: CodeRows, { first, end }: Place, { saved, vector }: Kept): boolean {
  if (!loadCodes(codes, first, end - first, saved)) return false;
  const kept = codes.codesOf(first, 1).slice();
  codes.write(vector, first);
  return codes.codesOf(first, 1).every((code, i) => code === kept[i]);
}

async function vectorsOf(blob: Blob): Promise<Float32Array> {
  try {
    return new Float32Array(await blob.arrayBuffer());
  } catch (cause) {
    const sentence =
      'The embeddings of this gallery cannot be read from the browser’s storage any more. Reload the page.';
    throw new AppError('dataset-unusable', sentence, { cause });
  }
}

/** The `count` rows of the best scores, of equal ones the lower, in gallery order. Yields the rows compared so far. */
export function* bestCodes(
  codes: CodeRows,
  rows: number,
  { integers }: WholeQuery,
  count: number,
): Generator<number, Scored> {
  const found = { rows: new Int32Array(2 * count + TILE_ROWS), scores: new Float32Array(2 * count + TILE_ROWS) };
  let length = 0;
  let threshold = Number.NEGATIVE_INFINITY;

  function shorten(): void {
    if (length <= count) return;
    const last = found.scores.slice(0, length).sort()[length - count] as number;
    let equals = count;
    for (let i = 0; i < length; i++) if ((found.scores[i] as number) > last) equals--;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const score = found.scores[i] as number;
      if (score < last || (score === last && equals-- <= 0)) continue;
      found.rows[kept] = found.rows[i] as number;
      found.scores[kept++] = score;
    }
    length = kept;
    // Rows that follow have a higher number: equals of the last are behind it.
    threshold = last;
  }

  for (let first = 0; first < rows; first += TILE_ROWS) {
    const tile = Math.min(TILE_ROWS, rows - first);
    const above = codes.above(integers, first, tile, threshold);
    found.rows.set(above.rows, length);
    found.scores.set(above.scores, length);
    length += above.rows.length;
    if (length > 2 * count) shorten();
    yield first + tile;
  }
  shorten();
  return { rows: found.rows.slice(0, length), scores: found.scores.slice(0, length) };
}

/**
 * What the cosine of each candidate can be at most (Cauchy and Schwarz): each number of its vector is off its code by half a scale, each of
 * the query by half a unit, and a little more for rounding in float32.
 */
function mostSimilar(
  codes: CodeRows,
  { rows, scores }: Scored,
  query: Float32Array,
  { unit }: WholeQuery,
): Float64Array<ArrayBuffer> {
  const length = Math.sqrt(dot(query, query));
  const wide = Math.sqrt(query.length) / 2;
  return Float64Array.from(rows, (row, i) => {
    const off = (codes.scalesOf(row, 1)[0] as number) * wide;
    return (scores[i] as number) * unit + off * length + unit * wide * (1 + off) + 1e-5;
  });
}

/** Writes the cosines of a query with the vectors of some of `rows`, those at `wanted`, both in gallery order. */
async function readSimilarities(
  places: readonly Place[],
  rows: Int32Array,
  wanted: Int32Array,
  query: Float32Array,
  similarities: Float32Array,
): Promise<void> {
  const dimensions = query.length;
  const read = Int32Array.from(wanted, (at) => rows[at] as number);
  await Promise.all(
    spansOf(places, read, 4 * dimensions).map(async ({ blob, first, from, to }) => {
      const start = read[from] as number;
      const end = (read[to - 1] as number) + 1;
      const vectors = await vectorsOf(blob.slice(4 * dimensions * (start - first), 4 * dimensions * (end - first)));
      for (let i = from; i < to; i++) {
        const at = ((read[i] as number) - start) * dimensions;
        similarities[wanted[i] as number] = dot(query, vectors, 0, at, dimensions);
      }
    }),
  );
}

/** Of `rows`, those from … to are read at once. */
interface Span extends Place {
  readonly from: number;
  readonly to: number;
}

function spansOf(places: readonly Place[], rows: Int32Array, rowBytes: number): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const place of places) {
    while (from < rows.length && (rows[from] as number) < place.end) {
      let to = from + 1;
      const isNear = (row: number) => ((rows[row] as number) - (rows[row - 1] as number)) * rowBytes <= GAP_BYTES;
      while (to < rows.length && (rows[to] as number) < place.end && isNear(to)) to++;
      spans.push({ ...place, from, to });
      from = to;
    }
  }
  return spans;
}

/** Version of how codes are made and saved: codes of another version are made again. */
const FORMAT = 1;

/** Codes, scales and one number to check both by, as they follow one another. */
const bytesOf = (rows: number, stride: number): number => rows * (stride + 4) + 4;

/**
 * The codes of the rows first … first + count as bytes for the browser's storage, the caller's own: a quarter of the size of the vectors.
 * They lie there as this machine writes numbers.
 */
function saveCodes(codes: CodeRows, first: number, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(bytesOf(count, codes.stride));
  bytes.set(codes.codesOf(first, count));
  new Float32Array(bytes.buffer, count * codes.stride, count).set(codes.scalesOf(first, count));
  const words = new Int32Array(bytes.buffer);
  words[words.length - 1] = checkOf(words, codes.stride, first, count);
  return bytes;
}

/**
 * Takes what `saveCodes` wrote as the codes of the same rows. False where it is damaged, or of other rows; what was there then stays.
 * Whether the vectors are still the same is for its caller to know.
 */
function loadCodes(codes: CodeRows, first: number, count: number, saved: ArrayBuffer): boolean {
  if (saved.byteLength !== bytesOf(count, codes.stride)) return false;
  const words = new Int32Array(saved);
  if (words.at(-1) !== checkOf(words, codes.stride, first, count)) return false;
  codes.codesOf(first, count).set(new Int8Array(saved, 0, count * codes.stride));
  codes.scalesOf(first, count).set(new Float32Array(saved, count * codes.stride, count));
  return true;
}

/** Check sum of all words but the last, and of what they are. */
function checkOf(words: Int32Array, stride: number, first: number, count: number): number {
  return fnv1a(words, 0, words.length - 1, fnv1a([FORMAT, stride, first, count]));
}
