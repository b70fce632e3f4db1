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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be left out.
  return text.replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g, '').replace(LONE_SURROGATES, '\ufffd');
}

const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
