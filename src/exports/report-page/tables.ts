import { html, type Markup } from '../html.ts';
import type { TextTable } from '../results-table.ts';

interface Columns {
  readonly columns: readonly { readonly title: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A table that scrolls sideways in a narrow window, reachable by keyboard. The first column names the row. */
export function tableOf({ columns, rows }: TextTable | Columns, caption: string): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
<table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ title, numeric }) => html`<th scope="col"${numberClass(numeric)}>${title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`\n<tr>${row.map((cell, at) => cellOf(cell, columns[at]?.numeric ?? false, at))}</tr>`)}
</tbody>
</table>
</div>`;
}

function cellOf(cell: string | number | null, numeric: boolean, at: number): Markup {
  const text = cell ?? '–';
  return at === 0
    ? html`<th scope="row"${numberClass(numeric)}>${text}</th>`
    : html`<td${numberClass(numeric)}>${text}</td>`;
}

const numberClass = (numeric: boolean): Markup | null => (numeric ? html` class="number"` : null);

/** Pairs of a name and a value; values that are null are left out. */
export function factsOf(pairs: readonly (readonly [name: string, value: Markup | string | number | null])[]): Markup {
  const known = pairs.filter(([, value]) => value !== null);
  return html`<dl>${known.map(([name, value]) => html`\n<dt>${name}</dt><dd>${value}</dd>`)}\n</dl>`;
}
