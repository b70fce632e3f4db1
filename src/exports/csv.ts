export type CsvValue = string | number | null;

/** A value as a CSV field (RFC 4180); nothing for null. */
export function csvCell(value: CsvValue): string {
  if (value === null) return '';
  // A number is written by this program: its minus sign is one, and must stay readable as one.
  if (typeof value === 'number') return String(value);
  // Spreadsheets run a cell that begins like a formula, and file names come from anywhere: an apostrophe makes it text. One that
  // stands before such a sign already gets another, so that a reader can take off the first (data/ground-truth-csv.ts).
  const text = /^'*[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record with its line end. */
export function csvRow(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}
