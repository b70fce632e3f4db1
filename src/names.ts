/** Names as people mean, read and print them, wherever they come from: folders, tables, archives. */

/**
 * What two names are compared by. Accents may be written composed (é) or decomposed (e + ´), as macOS hands out its file
 * names: the difference cannot be seen, so it does not count.
 */
export function nameKey(name: string): string {
  // Nearly all names are ASCII, and normalising takes ten times as long as looking.
  return /^[\0-\x7f]*$/.test(name) ? name : name.normalize('NFC');
}

// A language of our own choice: not every browser's own language is one that Intl takes.
const collator = new Intl.Collator('en', { numeric: true });

/** The order of lists that people read: numbers by value, "class 2" before "class 10". No two different names are equal. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** A text as XML 1.0 may hold it: characters that it forbids are left out, halves of surrogate pairs replaced. */
export function printable(text: string): string {
  return text.replace(FORBIDDEN, '').replace(LONE_SURROGATES, '\ufffd');
}

/** But for lone surrogates, what is no Char of XML 1.0 (section 2.2). */
const FORBIDDEN = /[^\t\n\r -\ufffd\u{10000}-\u{10ffff}]/gu;
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
