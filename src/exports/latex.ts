import type { TextTable } from './results-table.ts';

const SPECIALS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '%': '\\%',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  // These are other characters in the fonts that LaTeX begins with.
  '<': '\\ensuremath{<}',
  '>': '\\ensuremath{>}',
  '|': '\\ensuremath{|}',
  // The straight double quotation mark is not in those fonts either.
  '"': "''",
  '`': '\\`{}',
  '−': '\\ensuremath{-}',
  '±': '\\ensuremath{\\pm}',
  '×': '\\ensuremath{\\times}',
  '…': '\\ldots{}',
  '–': '--',
  '—': '---',
  '’': "'",
  ß: '\\ss{}',
  æ: '\\ae{}',
  Æ: '\\AE{}',
  ø: '\\o{}',
  Ø: '\\O{}',
  ł: '\\l{}',
  Ł: '\\L{}',
  ı: '\\i{}',
};

/** Combining marks as LaTeX accents. */
const ACCENTS: Readonly<Record<string, string>> = {
  '\u0300': '`',
  '\u0301': "'",
  '\u0302': '^',
  '\u0303': '~',
  '\u0304': '=',
  '\u0306': 'u',
  '\u0307': '.',
  '\u0308': '"',
  '\u030a': 'r',
  '\u030b': 'H',
  '\u030c': 'v',
  '\u0327': 'c',
};

/**
 * Text that any LaTeX sets as it is, without a package: specials escaped, accents as commands. What the usual fonts
 * have no sign for is written as its code point, `[U+1F34E]`: one such character would stop the whole document.
 */
export function latexText(text: string): string {
  let out = '';
  let base: string | null = null;
  // Decomposed, so that an accented letter is its letter and marks; a mark comes after what it stands on.
  for (const character of text.normalize('NFD')) {
    const accent = ACCENTS[character];
    if (accent !== undefined && base !== null) {
      out = `${out.slice(0, out.length - base.length)}\\${accent}{${base}}`;
      base = null;
      continue;
    }
    // Hyphens side by side would grow into a dash.
    const written = character === '-' && out.endsWith('-') ? '{}-' : sign(character);
    base = /^[A-Za-z]$/.test(character) ? written : null;
    out += written;
  }
  return out;
}

function sign(character: string): string {
  if (Object.hasOwn(SPECIALS, character)) return SPECIALS[character] ?? '';
  if (/^[\s\u00a0]$/u.test(character)) return ' ';
  if (/^[\x20-\x7e]$/.test(character)) return character;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `[U+${code}]`;
}

/** A `table` environment for `\input`; it needs no package. `label` is for `\ref`. */
export function latexTable({ columns, rows }: TextTable, caption: string, label: string): string {
  const line = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\`;
  return [
    '\\begin{table}[htbp]',
    '  \\centering',
    '  \\scriptsize',
    '  \\setlength{\\tabcolsep}{3pt}',
    `  \\caption{${latexText(caption)}}`,
    `  \\label{${label}}`,
    `  \\begin{tabular}{${columns.map(({ numeric }) => (numeric ? 'r' : 'l')).join('')}}`,
    '    \\hline',
    line(columns.map(({ title }) => latexText(title))),
    '    \\hline',
    // In braces: a cell that begins with a bracket would be taken for an argument of the line break before it.
    ...rows.map((row) => line(row.map((text) => `{${latexText(text)}}`))),
    '    \\hline',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}
