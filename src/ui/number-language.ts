/** In which language numbers are written on the screens. What is exported is not touched by it: programs read that. */
import { NUMBER_LANGUAGES, type NumberLanguage, settingsStore } from '../state/settings.ts';

/** The browser's own where nothing else was chosen. */
function locale(): string {
  const { numbers } = settingsStore.getState();
  if (numbers !== 'auto') return numbers;
  return typeof navigator === 'undefined' ? 'en' : navigator.language;
}

/** A format that follows the choice: made once a language, since making one takes longer than using it. */
export function localised(options: Intl.NumberFormatOptions): { format(value: number): string } {
  const made = new Map<string, Intl.NumberFormat>();
  return {
    format(value) {
      const wanted = locale();
      const format = made.get(wanted) ?? new Intl.NumberFormat(wanted, options);
      made.set(wanted, format);
      return format.format(value);
    },
  };
}

const oneDigit = localised({ minimumFractionDigits: 1 });

/** Between the numbers of a list: a comma, unless numbers have one themselves. */
export function listSeparator(): string {
  return oneDigit.format(0.5).includes(',') ? '; ' : ', ';
}

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
  const own = typeof navigator === 'undefined' ? 'en' : navigator.language;
  return NUMBER_LANGUAGES.map((value) => {
    const example = new Intl.NumberFormat(value === 'auto' ? own : value).format(EXAMPLE);
    return { value, label: `${names[value]} (${example})` };
  });
}
