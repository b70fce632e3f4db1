import { numberLocale, ownLocale } from '../app/settings/number-language.ts';
import { NUMBER_LANGUAGES, type NumberLanguage } from '../app/settings/settings.ts';
import { localised as formatIn, numbersIn } from '../metrics/format.ts';

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
    const example = numbersIn(() => (value === 'auto' ? own : value)).value(EXAMPLE, 'rank');
    return { value, label: `${names[value]} (${example})` };
  });
}
