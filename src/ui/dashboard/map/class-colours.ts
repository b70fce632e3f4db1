import { RUN_COLOURS, runColour } from '../../../figures/palette.ts';

/** More would look alike. */
export const MOST_COLOURED = RUN_COLOURS.length;

/** The palette's grey, which here would look like no colour. */
const GREY = 7;

export interface MapClass {
  /** Null where the label is unknown. */
  readonly className: string | null;
  readonly points: number;
}

/** Classes that have a colour, by slot; null where a slot is free. */
export type Slots = readonly (string | null)[];

/** The largest class first, of equals by name; images of unknown class last. */
export function mapClasses(names: readonly (string | null)[]): MapClass[] {
  const counts = new Map<string | null, number>();
  for (const className of names) counts.set(className, (counts.get(className) ?? 0) + 1);
  return [...counts]
    .map(([className, points]) => ({ className, points }))
    .sort((a, b) => {
      if (a.className === null || b.className === null) return a.className === null ? 1 : -1;
      return b.points - a.points || (a.className < b.className ? -1 : 1);
    });
}

/** The most frequent classes. */
export function firstSlots(classes: readonly MapClass[]): Slots {
  const names = classes.flatMap(({ className }) => className ?? []);
  return Array.from({ length: MOST_COLOURED }, (_, slot) => names[slot] ?? null);
}

/** With the class in the first free slot, or out of its own; others keep their colours. Unchanged where none is free. */
export function toggled(slots: Slots, className: string): Slots {
  const own = slots.indexOf(className);
  const slot = own < 0 ? slots.indexOf(null) : own;
  return slots.map((held, i) => (i === slot ? (own < 0 ? className : null) : held));
}

/** The colour of a slot; `ink`: the theme's text colour. */
export const slotColour = (slot: number, ink: string): string => (slot === GREY ? ink : runColour(slot));
