import type { TextTable } from './results-table.ts';

/** Text that a Markdown table shows as it is: no pipe ends its cell, no mark or tag takes effect, no line ends. */
export function markdownText(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|~#!&]/g, (character) => (character === '<' ? '&lt;' : `\\${character}`))
    .replace(/\s+/g, ' ');
}

/** A table as GitHub, GitLab and Pandoc read it; numbers to the right. */
export function markdownTable({ columns, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [
    line(columns.map(({ title }) => markdownText(title))),
    line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(markdownText))),
  ].join('');
}
