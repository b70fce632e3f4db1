import { decodeSingleByte } from './code-pages.ts';
import { decodeName, guessText, type NameEncoding } from './zip-encoding.ts';

/** A text file's letters, and what they were taken for where the file itself does not say it. */
export interface TableText {
  readonly text: string;
  /** For people ("Windows-1252"); null where there is nothing to be guessed. */
  readonly guessed: string | null;
}

/** Where letters are looked for that tell how a file is written. */
const SAMPLE_BYTES = 2 ** 20;
/** Bytes of lines with such letters that are enough to tell: each encoding is tried on all of them. */
const TELLING_BYTES = 2 ** 16;
const LONG_LINE = 2 ** 12;

/**
 * Decodes a table or a JSON text: by its byte order mark, as UTF-16 where every other byte is zero, as UTF-8 where it is
 * valid; else in the encoding of an East Asian Windows where its letters make sense in one, else as Windows-1252, as western
 * spreadsheets save it. `whole` false: the file's end may be cut off in the middle of a letter. Null where it is no text.
 */
export function decodeTable(bytes: Uint8Array, whole = true): TableText | null {
  // Its mark begins as that of UTF-16 does.
  if (bytes[0] === 0xff && bytes[1] === 0xfe && bytes[2] === 0 && bytes[3] === 0) return utf32(bytes);
  const utf16 = utf16Of(bytes);
  if (utf16) return { text: decode(bytes, utf16, whole) ?? '', guessed: null };
  const utf8 = decode(bytes, 'utf-8', whole);
  if (utf8 !== null) return utf8.includes('\0') ? null : { text: utf8, guessed: null };
  if (bytes.subarray(0, SAMPLE_BYTES).includes(0)) return null;
  const guess = guessText(tellingLines(bytes.subarray(0, SAMPLE_BYTES), whole && bytes.length <= SAMPLE_BYTES));
  const text = guess && textIn(bytes, guess.encoding, whole);
  if (guess && text) return { text, guessed: guess.name };
  return { text: decodeSingleByte(bytes, 'windows-1252'), guessed: 'Windows-1252' };
}

/** Little-endian with its mark, as some programs on Linux write it; no browser decodes it. Null where it holds other numbers. */
function utf32(bytes: Uint8Array): TableText | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const letters: string[] = [];
  for (let at = 4; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, true);
    if (code === 0 || code > 0x10ffff) return null;
    letters.push(String.fromCodePoint(code));
  }
  return { text: letters.join(''), guessed: null };
}

function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Tables and JSON begin with ASCII: of UTF-16 without a mark, each second byte is zero.
  const head = bytes.subarray(0, 64);
  const [even = 0, odd = 0] = [0, 1].map((side) => head.filter((byte, at) => at % 2 === side && byte === 0).length);
  const most = 0.7 * Math.floor(head.length / 2);
  if (head.length < 4) return null;
  return even === 0 && odd >= most ? 'utf-16le' : odd === 0 && even >= most ? 'utf-16be' : null;
}

/** East Asian letters are of several bytes: the last of them may be cut off. */
function textIn(bytes: Uint8Array, encoding: NameEncoding, whole: boolean): string | null {
  return whole ? decodeName(bytes, encoding) : (decode(bytes, encoding, whole) ?? decodeName(bytes, encoding));
}

function decode(bytes: Uint8Array, encoding: string, whole: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    return null;
  }
}

/** The first lines with other bytes than ASCII's; long ones are cut behind a letter. */
function tellingLines(bytes: Uint8Array, whole: boolean): Uint8Array[] {
  const telling: Uint8Array[] = [];
  let left = TELLING_BYTES;
  for (const line of linesOf(bytes, whole)) {
    if (left <= 0) break;
    if (line.every((byte) => byte < 0x80)) continue;
    const part = line.length > LONG_LINE ? line.subarray(0, letterEnd(line, LONG_LINE)) : line;
    telling.push(part);
    left -= part.length;
  }
  return telling;
}

/** An end at or before this one that no letter of several bytes crosses: behind an ASCII byte, which can only be a letter's last. */
function letterEnd(line: Uint8Array, most: number): number {
  const ascii = line.subarray(0, most).findLastIndex((byte) => byte < 0x80);
  return ascii < 0 ? most : ascii + 1;
}

function linesOf(bytes: Uint8Array, whole: boolean): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) continue;
    if (at > start) lines.push(bytes.subarray(start, at));
    start = at + 1;
  }
  // Half a line may end in half a letter.
  return whole ? lines : lines.slice(0, -1);
}
