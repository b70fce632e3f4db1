/** In which language numbers are written on the screens and in their figures. Tables, bundle and report are in English. */

import { NUMBER_LANGUAGES, type NumberLanguage, settingsStore } from '../app/settings/settings.ts';
import { writeFiguresIn } from '../figures/number-words.ts';
import { localised as formatIn } from '../metrics/format.ts';

/** The browser's own where nothing else was chosen. */
export function numberLocale(): string {
  const { numbers } = settingsStore.getState();
  return numbers === 'auto' ? ownLocale() : numbers;
}

/** The first of the browser's languages that Intl takes: where the system's is C or POSIX, browsers hand out just that. */
function ownLocale(): string {
  const own = typeof navigator === 'undefined' ? [] : [navigator.language, ...navigator.languages];
  return own.find(isTaken) ?? 'en';
}

function isTaken(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}

writeFiguresIn(numberLocale);

/** A format that follows the choice. */
export const localised = (options: Intl.NumberFormatOptions): { format(value: number): string } => ({
  format: formatIn(numberLocale, options),
});

const names: Readonly<Record<NumberLanguage, string>> = {
  auto: 'As the browser',
  en: 'English',
  de: 'German',
  'de-CH': 'Swiss',
  fr: 'French',
  es: 'Spanish',
  'en-IN': 'Indian',
};

const EXAMPLE = 1_234_567.8;

/** What can be chosen, each with a number as it then looks. */
export function languageChoices(): { readonly value: NumberLanguage; readonly label: string }[] {
  const own = ownLocale();
  return NUMBER_LANGUAGES.map((value) => {
    const example = new Intl.NumberFormat(value === 'auto' ? own : value).format(EXAMPLE);
    return { value, label: `${names[value]} (${example})` };
  });
}
