import { fnv1a } from '../../math/fnv.ts';
import type { CodeRows } from './kernel.ts';

/** Version of how codes are made and saved: codes of another version are made again. */
const FORMAT = 1;

/** Codes, scales and one number to check both by, as they follow one another. */
const bytesOf = (rows: number, stride: number): number => rows * (stride + 4) + 4;

/**
 * The codes of the rows first … first + count as bytes for the browser's storage, the caller's own: a quarter of the size of the vectors.
 * They lie there as this machine writes numbers.
 */
export function saveCodes(codes: CodeRows, first: number, count: number): Uint8Array<ArrayBuffer> {
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
export function loadCodes(codes: CodeRows, first: number, count: number, saved: ArrayBuffer): boolean {
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
