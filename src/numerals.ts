/**
 * Numbers in sentences that are made where the reader's language is unknown: in workers, in domain code, for what is stored.
 * They are written in English between two invisible characters. A screen that shows the sentence writes them in the language of
 * the settings (`withNumerals`); files and the command line leave the marks out (`inEnglish`).
 */

/** Invisible separator: it has no width, no shape and no direction. */
const MARK = '\u2063';
const MARKED = new RegExp(`${MARK}(\\d[\\d,]*(?:\\.\\d)?)${MARK}`, 'g');

/**
 * A number from 0 to 10²⁰, with at most one digit behind the point; unmarked where it looks alike in every language. Without Intl:
 * where that is broken, the module that says so has to load all the same.
 */
export function numeral(value: number): string {
  const [whole = '', tenth] = String(Math.round(10 * value) / 10).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const english = tenth === undefined ? grouped : `${grouped}.${tenth}`;
  return /[.,]/.test(english) ? MARK + english + MARK : english;
}

/** "1 image", "12,400 images"; the plural is the noun with an s unless given. */
export function numeralOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${numeral(count)} ${count === 1 ? noun : plural}`;
}

/** A size: "22.9 MB". */
export function inMegabytes(bytes: number): string {
  return `${numeral(bytes / 1e6)} MB`;
}

/** A sentence with its numbers as `write` writes them. */
export function withNumerals(sentence: string, write: (value: number) => string): string {
  return sentence.replace(MARKED, (_, english: string) => write(Number(english.replaceAll(',', ''))));
}

export function inEnglish(sentence: string): string {
  return sentence.replace(MARKED, '$1');
}
