import * as v from 'valibot';
import { AppError, issueWords, quoted, shortened } from '../errors.ts';
import { widenHalf } from '../math/half.ts';
import { numeral, numeralOf } from '../numerals.ts';
import { FOREIGN_BYTES, foreignFile } from './foreign-files.ts';

/** Bytes of one element. The dtypes of the format's description; only F32, F16 and BF16 can be read. */
const BYTES_PER_ELEMENT: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

/** A backbone's header is some 40 kB. The format allows 100 MB, which would only serve to fill the memory. */
const MAX_HEADER_BYTES = 16 * 1024 * 1024;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const entrySchema = v.strictObject({
  dtype: v.pipe(
    v.string(),
    v.check((dtype) => Object.hasOwn(BYTES_PER_ELEMENT, dtype), 'unknown dtype'),
  ),
  shape: v.pipe(v.array(count), v.maxLength(16)),
  data_offsets: v.strictTuple([count, count]),
});

const metadataSchema = v.record(v.string(), v.string());

export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Place of the elements in the file, in bytes. */
  readonly begin: number;
  readonly end: number;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * The elements of one tensor in C order; a fresh array that the caller owns. F16 and BF16 are widened exactly.
   * @throws AppError 'weights-mismatch' for an unknown name, 'weights-refused' for another dtype and for values that
   * are not finite, 'files-gone' when the file cannot be read any more.
   */
  read(name: string): Promise<Float32Array<ArrayBuffer>>;
}

/** What a file is read from, a piece at a time: a Blob, or something far away. */
export interface Pieces {
  readonly size: number;
  slice(begin: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/**
 * Opens a safetensors file (huggingface.co/docs/safetensors: 8 bytes header length, JSON header, data). Reads the
 * header alone and believes nothing in it: the tensors must fill the data exactly, without overlap.
 * `meant` is what the file should be, as a refusal says it.
 * @throws AppError 'weights-refused' with what is wrong, 'files-gone' when the file cannot be read.
 */
export function openSafetensors(blob: Pieces, meant: keyof typeof OPENINGS = 'weights'): Promise<Safetensors> {
  return toldAs(meant, () => open(blob, meant));
}

const OPENINGS = {
  weights: 'These weights cannot be used',
  head: 'This file cannot be used as a head',
} as const;

/** What is wrong with a file, before it is said what it was meant to be. */
class Refusal extends Error {
  readonly remedy: string;

  constructor(reason: string, remedy: string) {
    super(reason);
    this.remedy = remedy;
  }
}

async function toldAs<T>(meant: keyof typeof OPENINGS, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // What turns other files into weights makes no head of them.
    const remedy = meant === 'weights' ? error.remedy : '';
    const message = `${OPENINGS[meant]}: ${error.message}.${remedy} Nothing was changed.`;
    throw new AppError('weights-refused', message);
  }
}

async function open(blob: Pieces, meant: keyof typeof OPENINGS): Promise<Safetensors> {
  const foreign = foreignFile(new Uint8Array(await bytesOf(blob, 0, FOREIGN_BYTES)), nameOf(blob));
  if (foreign) throw refused(`the file is ${foreign.what}`, foreign.remedy ?? '');
  const start = await bytesOf(blob, 0, 8);
  if (start.byteLength < 8) throw refused(`the file is too short (${numeralOf(blob.size, 'byte')})`);
  const headerBytes = Number(new DataView(start).getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES || headerBytes > blob.size - 8) {
    throw refused('it is no safetensors file: its header would be longer than it can be');
  }
  const header = parseHeader(await bytesOf(blob, 8, 8 + headerBytes));
  const { __metadata__: metadata = {}, ...entries } = header;
  const parsedMetadata = v.safeParse(metadataSchema, metadata);
  if (!parsedMetadata.success) throw refused('its metadata are not plain texts');
  const tensors = new Map<string, TensorEntry>();
  for (const [name, entry] of Object.entries(entries)) tensors.set(name, tensorEntry(name, entry, 8 + headerBytes));
  checkLayout(tensors, 8 + headerBytes, blob.size);
  return {
    tensors,
    metadata: parsedMetadata.output,
    read: (name) => toldAs(meant, () => readTensor(blob, name, tensors.get(name))),
  };
}

async function readTensor(
  blob: Pieces,
  name: string,
  entry: TensorEntry | undefined,
): Promise<Float32Array<ArrayBuffer>> {
  if (!entry) throw unknownTensor(name);
  const values = decode(entry.dtype, await bytesOf(blob, entry.begin, entry.end));
  if (!values) throw refused(`the tensor ${quoted(name)} is of dtype ${entry.dtype}; F32, F16 and BF16 can be read`);
  if (!values.every(Number.isFinite)) {
    throw refused(`the tensor ${quoted(name)} has values that are not finite numbers`);
  }
  return values;
}

export function unknownTensor(name: string): AppError {
  return new AppError('weights-mismatch', `The weights have no tensor ${quoted(name)}.`);
}

const refused = (reason: string, remedy = ''): Refusal => new Refusal(reason, remedy);

const nameOf = (blob: Pieces): string => (blob instanceof File ? blob.name : 'model.pth');

async function bytesOf(blob: Pieces, begin: number, end: number): Promise<ArrayBuffer> {
  try {
    return await blob.slice(begin, end).arrayBuffer();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const message = 'The weight file cannot be read any more: it was moved, changed or removed. Choose it again.';
    throw new AppError('files-gone', message, { cause });
  }
}

function parseHeader(bytes: ArrayBuffer): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused('the header is not UTF-8');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refused('the header is not JSON');
  }
  if (!text.startsWith('{') || !isRecord(parsed)) throw refused('the header is not a JSON object');
  const repeated = repeatedKey(text);
  if (repeated !== null) throw refused(`the header names ${quoted(repeated)} twice`);
  return parsed;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tensorEntry(name: string, value: unknown, dataBegin: number): TensorEntry {
  const parsed = v.safeParse(entrySchema, value);
  if (!parsed.success)
    throw refused(`the header's entry ${quoted(name)} is damaged (${shortened(issueWords(parsed.issues[0]))})`);
  const { dtype, shape, data_offsets: offsets } = parsed.output;
  const [begin, end] = offsets;
  const bytes = shape.reduce((product, side) => product * side, BYTES_PER_ELEMENT[dtype] ?? 0);
  if (end - begin !== bytes) {
    throw refused(
      `the tensor ${quoted(name)} of shape [${shape}] and dtype ${dtype} takes ${numeralOf(bytes, 'byte')}, not ${numeral(end - begin)}`,
    );
  }
  return { dtype, shape, begin: dataBegin + begin, end: dataBegin + end };
}

function checkLayout(tensors: ReadonlyMap<string, TensorEntry>, dataBegin: number, fileBytes: number): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let filled = dataBegin;
  for (const [name, { begin, end }] of inOrder) {
    if (begin < filled) throw refused(`the tensor ${quoted(name)} overlaps another`);
    if (begin > filled)
      throw refused(
        `${numeralOf(begin - filled, 'byte')} before the tensor ${quoted(name)} ${begin - filled === 1 ? 'belongs' : 'belong'} to none`,
      );
    filled = end;
  }
  if (filled > fileBytes)
    throw refused(`the file is cut off: ${numeral(fileBytes)} of ${numeralOf(filled, 'byte')} are there`);
  if (filled < fileBytes)
    throw refused(
      `${numeralOf(fileBytes - filled, 'byte')} at its end ${fileBytes - filled === 1 ? 'belongs' : 'belong'} to no tensor`,
    );
}

/** Null for a dtype that no network needs. Little-endian, as every platform with a browser is. */
function decode(dtype: string, bytes: ArrayBuffer): Float32Array<ArrayBuffer> | null {
  if (dtype === 'F32') return new Float32Array(bytes);
  if (dtype !== 'F16' && dtype !== 'BF16') return null;
  const narrow = new Uint16Array(bytes);
  if (dtype === 'F16') return widenHalf(narrow);
  const values = new Float32Array(narrow.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < narrow.length; i++) bits[i] = (narrow[i] ?? 0) << 16;
  return values;
}

/**
 * The first key that stands twice in one object of a valid JSON text, or null. JSON.parse keeps the last of the two
 * without a word, and the two may have been meant to mislead.
 */
export function repeatedKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(json, at);
      const keys = open.at(-1);
      if (keys && isKey(json, end)) {
        const key = String(JSON.parse(json.slice(at, end)));
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return null;
}

// By hand: a regular expression for this overflows its stack on a text of a million escapes.
function endOfString(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return json.length;
}

function isKey(json: string, end: number): boolean {
  let at = end;
  while (' \n\r\t'.includes(json[at] ?? '.')) at++;
  return json[at] === ':';
}
