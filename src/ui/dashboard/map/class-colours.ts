import { useMemo, useSyncExternalStore } from 'react';
import { RUN_COLOURS, runColour } from '../../../figures/palette.ts';
import type { Inks } from './stamps.ts';

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

/**
 * The largest class first, of equals by name; images of unknown class last. `places`, one an image: the group with the
 * lowest comes first, whatever it is called, so that a cluster keeps its place and its colour when it is named.
 */
export function mapClasses(names: readonly (string | null)[], places: readonly number[] | null = null): MapClass[] {
  const groups = new Map<string | null, { points: number; place: number }>();
  names.forEach((className, i) => {
    const { points = 0, place = Number.POSITIVE_INFINITY } = groups.get(className) ?? {};
    groups.set(className, { points: points + 1, place: Math.min(place, places?.[i] ?? 0) });
  });
  return [...groups]
    .sort(([nameA, a], [nameB, b]) => {
      if (nameA === null || nameB === null) return nameA === null ? 1 : -1;
      return a.place - b.place || b.points - a.points || (nameA < nameB ? -1 : 1);
    })
    .map(([className, { points }]) => ({ className, points }));
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
const slotColour = (slot: number, ink: string): string => (slot === GREY ? ink : runColour(slot));

/** What points are painted with: the palette's colours by slot, and quiet grey for the rest. */
export function inksOf(ink: string, quiet: string, surface: string): Inks {
  const colours = Array.from({ length: MOST_COLOURED }, (_, slot) => slotColour(slot, ink));
  return { colours: [...colours, quiet], ink, surface };
}

/** The theme's colours as a canvas takes them. */
export function useInks(): Inks {
  const scheme = useSyncExternalStore(onScheme, schemeOfDocument);
  return useMemo(() => {
    // Asked for again with each theme.
    void scheme;
    const style = getComputedStyle(document.documentElement);
    const token = (name: string) => style.getPropertyValue(name).trim();
    return inksOf(token('--ink'), token('--ink-quiet'), token('--surface'));
  }, [scheme]);
}

// The document's own mark, which its colours follow: Mantine tells its components of another theme before it sets it, and
// colours read then are those of the theme before.
const SCHEME = 'data-mantine-color-scheme';
const schemeOfDocument = (): string | null => document.documentElement.getAttribute(SCHEME);

function onScheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: [SCHEME] });
  return () => observer.disconnect();
}
