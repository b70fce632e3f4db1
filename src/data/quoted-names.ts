import { shortened } from '../errors.ts';
import { numeral } from '../numerals.ts';

export const quote = (name: string) => `“${shortened(name)}”`;

/** "a", "b" and "c", at most that many. */
export function listed(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).map(quote);
  if (names.length > most) return `${shown.join(', ')} and ${numeral(names.length - most)} more`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
