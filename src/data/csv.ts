import { numeral } from '../numerals.ts';

/** One record of a CSV file, with the line it begins on (from 1) and the place where it ends. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
  readonly end: number;
}

/** What is wrong with a CSV file, and where. */
export class CsvError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/** Spreadsheets write semicolons where the comma is the decimal mark; databases write tabs and bars. */
export const SEPARATORS = [',', ';', '\t', '|'] as const;
export type Separator = (typeof SEPARATORS)[number];

/** Far more columns than any table of labels has; a text of commas alone would make a field of each. */
const MAX_FIELDS = 1000;

const SPECIAL: Readonly<Record<Separator, RegExp>> = {
  ',': /[",\r\n]/g,
  ';': /[";\r\n]/g,
  '\t': /["\t\r\n]/g,
  '|': /["|\r\n]/g,
};

/** A field's value, where it ends, and the line ends inside it. */
interface Field {
  readonly value: string;
  readonly end: number;
  readonly lines: number;
}

/**
 * Reads CSV by RFC 4180, but for the separator: fields in double quotes with doubled quotes inside, LF, CRLF or CR line ends;
 * a byte order mark and blank lines are passed over. Lazily, so that a header can be looked at alone. Throws CsvError.
 */
export function* parseCsv(text: string, separator: Separator = ','): Generator<CsvRecord> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const fields: string[] = [];
    for (let more = true; more; at++) {
      const { value, end, lines } =
        text[at] === '"' ? quotedField(text, at, line) : plainField(text, at, SPECIAL[separator]);
      line += lines;
      if (fields.push(value) > MAX_FIELDS) throw new CsvError(start, `it has more than ${numeral(MAX_FIELDS)} fields`);
      at = end;
      more = text[at] === separator;
      if (!more && at < text.length && text[at] !== '\r' && text[at] !== '\n') {
        throw new CsvError(line, 'a quotation mark is in the middle of a field');
      }
    }
    if (text[at - 1] === '\r' && text[at] === '\n') at++;
    line++;
    if (fields.length > 1 || fields[0] !== '') yield { line: start, fields, end: at };
  }
}

function plainField(text: string, start: number, special: RegExp): Field {
  special.lastIndex = start;
  const end = special.exec(text)?.index ?? text.length;
  return { value: text.slice(start, end), end, lines: 0 };
}

// By hand: a regular expression for this overflows its stack on a long field.
function quotedField(text: string, start: number, line: number): Field {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  if (quote < 0) throw new CsvError(line, 'a quotation mark is not closed');
  const value = text.slice(start + 1, quote).replaceAll('""', '"');
  return { value, end: quote + 1, lines: countLineEnds(value) };
}

function countLineEnds(value: string): number {
  let ends = 0;
  for (const _ of value.matchAll(/\r\n|\n|\r/g)) ends++;
  return ends;
}

/** How a line of a list without commas is cut: at each blank, or at its first or its last one alone. */
export type BlankCut = 'blanks' | 'first-blank' | 'last-blank' | 'whole-line';

/**
 * The lines of a text with columns separated by blanks, as research data sets have them. Skipped: empty lines, comments
 * (#) above the first line, and the number of lines that stands above some lists.
 */
export function* blankRecords(text: string, cut: BlankCut): Generator<CsvRecord> {
  const lines = /[^\r\n]+|\r\n|\r|\n/g;
  let line = 1;
  let hasLines = false;
  for (let found = lines.exec(text); found; found = lines.exec(text)) {
    const [raw] = found;
    if (raw === '\n' || raw === '\r' || raw === '\r\n') {
      line++;
      continue;
    }
    const content = raw.replace(/^\uFEFF/, '').trim();
    if (content === '' || (!hasLines && (content.startsWith('#') || isCount(content, text, lines.lastIndex)))) continue;
    hasLines = true;
    yield { line, fields: CUTS[cut](content), end: lines.lastIndex };
  }
}

const CUTS: Readonly<Record<BlankCut, (content: string) => string[]>> = {
  blanks: (content) => content.split(/\s+/),
  'first-blank': (content) => [...(/^(\S+)\s+(.*)$/.exec(content)?.slice(1) ?? [content])],
  'last-blank': (content) => [...(/^(.*\S)\s+(\S+)$/.exec(content)?.slice(1) ?? [content])],
  'whole-line': (content) => [content],
};

/** A number by itself above a line of more than one word says how many lines follow. */
function isCount(content: string, text: string, end: number): boolean {
  return /^\d+$/.test(content) && /^\s*\S+[ \t]+\S/.test(text.slice(end, end + 4096));
}
