/** One record of a CSV file, with the line it begins on (from 1). */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
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

/**
 * Reads CSV by RFC 4180: commas, fields in double quotes with doubled quotes inside, LF, CRLF or CR line ends; a byte
 * order mark and blank lines are passed over. Lazily, so that a header can be looked at alone. Throws CsvError.
 */
export function* parseCsv(text: string): Generator<CsvRecord> {
  const token = /"([^"]*(?:""[^"]*)*)"|[^",\r\n]+|(,)|(\r\n|\n|\r)|(")/gy;
  token.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  let start = 1;
  let fields: string[] = [];
  let field: string | null = null;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [whole, quoted, comma, lineEnd, stray] = match;
    if (comma) {
      fields.push(field ?? '');
      field = null;
    } else if (lineEnd) {
      if (fields.length > 0 || field !== null) yield { line: start, fields: [...fields, field ?? ''] };
      fields = [];
      field = null;
      line++;
      start = line;
    } else if (stray) {
      throw new CsvError(line, 'a quotation mark is not closed');
    } else {
      if (field !== null) throw new CsvError(line, 'a quotation mark stands in the middle of a field');
      field = quoted === undefined ? whole : quoted.replaceAll('""', '"');
      if (quoted !== undefined) line += quoted.split(/\r\n|\n|\r/).length - 1;
    }
  }
  if (fields.length > 0 || field !== null) yield { line: start, fields: [...fields, field ?? ''] };
}
