import type { CsvRecord } from './csv.ts';

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
