/** In which language numbers are written on the screens and in their figures. Tables, bundle and report are in English. */
import { numbersIn } from '../../metrics/format.ts';
import { settingsStore } from './settings.ts';

/** The browser's own where nothing else was chosen. */
export function numberLocale(): string {
  const { numbers } = settingsStore.getState();
  return numbers === 'auto' ? ownLocale() : numbers;
}

/** The first of the browser's languages that Intl takes: where the system's is C or POSIX, browsers hand out just that. */
export function ownLocale(): string {
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

/** Numbers in the language of the settings, whenever one is written. */
export const chosenNumbers = numbersIn(numberLocale);
