/** A name that fits, by characters as people count them: its middle is left out, since names often end in what differs. */
export function cut(name: string, most: number): string {
  const characters = [...name];
  if (characters.length <= most) return name;
  const last = Math.floor((most - 1) / 3);
  return `${characters.slice(0, most - 1 - last).join('')}…${characters.slice(-last).join('')}`;
}

/** Hebrew, Arabic and their like, and the invisible marks that turn the direction of a text. */
const TURNS = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/;

/** A name for a sentence: where it changes the direction of the text, the change ends with it. */
export function isolated(name: string): string {
  return TURNS.test(name) ? `\u2068${name}\u2069` : name;
}
