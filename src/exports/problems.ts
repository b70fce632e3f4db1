import type { Problem } from '../types.ts';

const columns = ['severity', 'kind', 'path', 'reason', 'action'] as const;

/** The problems as CSV (RFC 4180) with a header row. */
export function problemsCsv(problems: readonly Problem[]): string {
  const rows = [columns, ...problems.map((problem) => columns.map((column) => problem[column]))];
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Spreadsheets run a cell that begins like a formula, and file names come from anywhere: an apostrophe makes it text. */
function cell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
