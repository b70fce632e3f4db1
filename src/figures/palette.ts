/**
 * Colours of runs, by slot: after Okabe and Ito's, darkened or lightened until each stands out by 3 : 1 from a white and
 * from a nearly black page. Not everyone can distinguish ten: lines have dashes and names too.
 */
export const RUN_COLOURS = [
  '#4c63d9',
  '#c2660c',
  '#0b8f6a',
  '#b0508f',
  '#2f86c9',
  '#c44536',
  '#8a7400',
  '#7a7c86',
  '#8b5fd0',
  '#4b8a2f',
] as const;

/** Dashes that go with the slots: neighbours in colour differ in line. */
const DASHES = [null, '6 3', '2 3', '8 3 2 3', '1 2', '10 4', '4 2 1 2', '3 3', '12 3', '6 2 2 2'] as const;

export function runColour(slot: number): string {
  return RUN_COLOURS[slot % RUN_COLOURS.length] ?? RUN_COLOURS[0];
}

export function runDash(slot: number): string | null {
  return DASHES[slot % DASHES.length] ?? null;
}
