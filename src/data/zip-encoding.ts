import { bestLatin, bestOfOtherScripts, decodeSingleByte, isThai, type SingleByte } from './code-pages.ts';
import { bestEastAsian, decodeStrictly, type EastAsian } from './east-asian.ts';

/**
 * The letters of an archive's names. By its specification they are UTF-8 where a flag says so, else code page 437; but
 * programs of all countries write what their system speaks. A reader can only ask what all the names of an archive are
 * strictly valid in, and, of several such encodings, in which they are made of letters that people use.
 */
export type NameEncoding = 'utf-8' | EastAsian | SingleByte;

/** For people. */
export const ENCODING_NAMES: Readonly<Record<NameEncoding, string>> = {
  'utf-8': 'UTF-8',
  shift_jis: 'Shift-JIS (Japanese)',
  'euc-jp': 'EUC-JP (Japanese)',
  gbk: 'GBK (Chinese)',
  big5: 'Big5 (Chinese)',
  'euc-kr': 'EUC-KR (Korean)',
  cp437: 'code page 437',
  cp850: 'code page 850 (Western European)',
  cp852: 'code page 852 (Central European)',
  cp857: 'code page 857 (Turkish)',
  cp737: 'code page 737 (Greek)',
  cp862: 'code page 862 (Hebrew)',
  cp720: 'code page 720 (Arabic)',
  ibm866: 'code page 866 (Cyrillic)',
  'koi8-r': 'KOI8-R (Cyrillic)',
  'windows-874': 'Windows-874 (Thai)',
  'windows-1250': 'Windows-1250 (Central European)',
  'windows-1251': 'Windows-1251 (Cyrillic)',
  'windows-1252': 'Windows-1252',
  'windows-1253': 'Windows-1253 (Greek)',
  'windows-1254': 'Windows-1254 (Turkish)',
  'windows-1255': 'Windows-1255 (Hebrew)',
  'windows-1256': 'Windows-1256 (Arabic)',
};

const STRICT: readonly NameEncoding[] = ['utf-8', 'shift_jis', 'gbk', 'euc-kr', 'big5', 'euc-jp'];
const isStrict = (encoding: NameEncoding): encoding is EastAsian | 'utf-8' => STRICT.includes(encoding);

/** A name by its bytes, or null where the encoding does not allow them. */
export function decodeName(raw: Uint8Array, encoding: NameEncoding): string | null {
  return isStrict(encoding) ? decodeStrictly(raw, encoding) : decodeSingleByte(raw, encoding);
}

/** What an archive's names without the UTF-8 flag are written in. */
export function guessEncoding(names: readonly Uint8Array[]): NameEncoding {
  const foreign = distinct(names.filter((name) => name.some((byte) => byte > 0x7f)));
  if (foreign.every((name) => decodeStrictly(name, 'utf-8') !== null)) return 'utf-8';
  if (areLatin(foreign)) return bestLatin(foreign, 'dos') ?? 'cp437';
  return guessForeign(foreign, SOME_SHARE, 'any') ?? 'cp437';
}

/** Share of a text in an East Asian encoding that are the letters that all its texts are made of. */
const USUAL_SHARE = 0.7;
/** Where names are few, some may have rare letters. */
const SOME_SHARE = 0.3;

/** What lines of text (not UTF-8) are written in, where they make sense in some encoding. */
export function guessText(lines: readonly Uint8Array[]): { encoding: NameEncoding; name: string } | null {
  const encoding = guessForeign(distinct(lines), USUAL_SHARE, 'windows');
  return encoding && { encoding, name: ENCODING_NAMES[encoding] };
}

function guessForeign(names: readonly Uint8Array[], leastShare: number, latin: 'windows' | 'any'): NameEncoding | null {
  if (names.length === 0) return null;
  if (isThai(names)) return 'windows-874';
  // A capital with an accent and the letter behind it may be one letter of another encoding.
  const western = areMostlyAscii(names) ? bestLatin(names, latin) : null;
  if (western) return western;
  const eastAsian = bestEastAsian(names);
  if (eastAsian && eastAsian.share >= USUAL_SHARE) return eastAsian.encoding;
  const other = bestOfOtherScripts(names) ?? bestLatin(names, latin);
  return other ?? (eastAsian && eastAsian.share >= leastShare ? eastAsian.encoding : null);
}

/** One of each: a folder's name stands before each of its files. */
function distinct(names: readonly Uint8Array[]): Uint8Array[] {
  const parts = new Map<string, Uint8Array>();
  for (const name of names) {
    let start = 0;
    // A slash is never part of a letter in these encodings (a backslash is, in Shift-JIS and GBK).
    for (let at = 0; at <= name.length; at++) {
      if (at < name.length && name[at] !== SLASH) continue;
      const part = name.subarray(start, at);
      if (part.some((byte) => byte > 0x7f)) parts.set(String.fromCharCode(...part.subarray(0, 1024)), part);
      start = at + 1;
      if (parts.size >= MOST_PARTS) return [...parts.values()];
    }
  }
  return [...parts.values()];
}

const SLASH = 0x2f;
/** More names say nothing new of an encoding. */
const MOST_PARTS = 1000;

/** Accented letters of code page 437: ü é â … Ñ, and ß. The other characters above 127 are signs and lines. */
const isLatinLetter = (byte: number) => (byte <= 0xa5 && (byte < 0x9b || byte > 0x9e)) || byte === 0xe1;
const isAsciiLetter = (byte: number) => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** Words of ASCII letters with single accented ones between them, as western languages write. */
function areLatin(names: readonly Uint8Array[]): boolean {
  let words = 0;
  for (const name of names) {
    for (const word of wordsOf(name)) {
      const high = word.flatMap((byte, at) => (byte > 0x7f ? [at] : []));
      if (high.length === 0) continue;
      if (high.some((at, n) => !isLatinLetter(word[at] ?? 0) || high[n + 1] === at + 1)) return false;
      // The letter behind a high byte may be the other half of one in another encoding.
      if (word.some((byte, at) => byte <= 0x7f && !high.includes(at - 1))) words++;
    }
  }
  return words > 0;
}

/** Whether each word with foreign letters has more ASCII letters than others. */
function areMostlyAscii(names: readonly Uint8Array[]): boolean {
  return names.every((name) =>
    wordsOf(name).every((word) => {
      const foreign = word.filter((byte) => byte > 0x7f).length;
      return foreign === 0 || word.length > 2 * foreign;
    }),
  );
}

function wordsOf(name: Uint8Array): number[][] {
  const words: number[][] = [];
  let word: number[] = [];
  for (const byte of name) {
    if (byte > 0x7f || isAsciiLetter(byte)) word.push(byte);
    else if (word.length > 0) {
      words.push(word);
      word = [];
    }
  }
  return word.length > 0 ? [...words, word] : words;
}
