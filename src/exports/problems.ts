import { inEnglish } from '../numerals.ts';
import type { Problem } from '../types.ts';
import { csvRow } from './csv.ts';

const columns = ['severity', 'kind', 'path', 'reason', 'action'] as const;

/** The problems as CSV (RFC 4180) with a header row. */
export function problemsCsv(problems: readonly Problem[]): string {
  const rows = [columns, ...problems.map((problem) => columns.map((column) => inEnglish(problem[column])))];
  return rows.map(csvRow).join('');
}
