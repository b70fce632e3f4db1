/** How figures write their numbers: on screens, and in what is saved from them, in the language of the settings. */
import { localised, numbersIn } from '../metrics/format.ts';

let language: () => string = () => 'en';

/** From now on figures follow this language; called once at start. */
export function writeFiguresIn(locale: () => string): void {
  language = locale;
}

/** What `write` says and draws of figures has English numbers, as the report around them. */
export function inEnglish<T>(write: () => T): T {
  const before = language;
  language = () => 'en';
  try {
    return write();
  } finally {
    language = before;
  }
}

const numbers = numbersIn(() => language());

/** `shareWords`: per cent without the sign, "78.2"; `similarityWords`: a cosine with two digits, "0.87"; `lossWords`: "0.812". */
export const {
  share: shareWords,
  interval: intervalWords,
  similarity: similarityWords,
  loss: lossWords,
  count: countWords,
  amount: amountWords,
} = numbers;

/** A number on an axis, with as many digits as it has. */
export const tickWords = localised(() => language(), { maximumFractionDigits: 4 });

/** Per cent as a table holds it: a share of counts has no more than a few digits of meaning. */
export const percent = (value: number): number => Math.round(value * 1e6) / 1e4;
