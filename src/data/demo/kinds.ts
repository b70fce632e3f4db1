/** A thing that every hand drew. */
export interface Kind {
  /** Its name in every set of Iconify, and, with spaces, its class in the demo. */
  readonly name: string;
  /** Unicode code point in hex, as the sets list them. */
  readonly codePoint: string;
}

/** Things that all nine hands drew under the same name, and that cannot be confused with one another. */
export const kinds: readonly Kind[] = [
  { name: 'grapes', codePoint: '1f347' },
  { name: 'tomato', codePoint: '1f345' },
  { name: 'mushroom', codePoint: '1f344' },
  { name: 'tulip', codePoint: '1f337' },
  { name: 'honeybee', codePoint: '1f41d' },
  { name: 'octopus', codePoint: '1f419' },
  { name: 'turtle', codePoint: '1f422' },
  { name: 'snail', codePoint: '1f40c' },
  { name: 'elephant', codePoint: '1f418' },
  { name: 'chicken', codePoint: '1f414' },
  { name: 'snake', codePoint: '1f40d' },
  { name: 'bug', codePoint: '1f41b' },
  { name: 'automobile', codePoint: '1f697' },
  { name: 'bus', codePoint: '1f68c' },
  { name: 'bicycle', codePoint: '1f6b2' },
  { name: 'tractor', codePoint: '1f69c' },
  { name: 'sailboat', codePoint: '26f5' },
  { name: 'rocket', codePoint: '1f680' },
  { name: 'helicopter', codePoint: '1f681' },
  { name: 'airplane', codePoint: '2708' },
  { name: 'wrench', codePoint: '1f527' },
  { name: 'guitar', codePoint: '1f3b8' },
  { name: 'trumpet', codePoint: '1f3ba' },
  { name: 'balloon', codePoint: '1f388' },
  { name: 'tent', codePoint: '26fa' },
  { name: 'television', codePoint: '1f4fa' },
  { name: 'crown', codePoint: '1f451' },
  { name: 'jeans', codePoint: '1f456' },
  { name: 'handbag', codePoint: '1f45c' },
  { name: 'bomb', codePoint: '1f4a3' },
  { name: 'bell', codePoint: '1f514' },
  { name: 'battery', codePoint: '1f50b' },
];
