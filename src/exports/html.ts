/** A piece of HTML that a document may hold as it is. Made by `html` and `trusted` alone. */
export class Markup {
  constructor(readonly text: string) {}
}

export type HtmlValue = Markup | string | number | null | false | readonly HtmlValue[];

export function escapeHtml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
      // Control characters are not allowed in a document, escaped or not; a space keeps the words apart.
      .replace(/(?![\t\n\r])\p{Control}/gu, ' ')
      .replace(/[\ufffe\uffff]/g, '')
      .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
  );
}

/** Template tag: every value is escaped, for text and for attributes in double quotes; lists are joined, null and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  return new Markup(strings.map((text, i) => text + (i < values.length ? written(values[i] ?? null) : '')).join(''));
}

/** Markup that was made elsewhere in this program (a drawn figure), taken as it is. */
export const trusted = (text: string): Markup => new Markup(text);

function written(value: HtmlValue): string {
  if (value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  return typeof value === 'number' ? String(value) : value.map(written).join('');
}
