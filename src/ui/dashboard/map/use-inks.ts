import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { MOST_COLOURED, slotColour } from './class-colours.ts';
import type { Inks } from './stamps.ts';

/** What points are painted with: the palette's colours by slot, and quiet grey for the rest. */
export function inksOf(ink: string, quiet: string, surface: string): Inks {
  const colours = Array.from({ length: MOST_COLOURED }, (_, slot) => slotColour(slot, ink));
  return { colours: [...colours, quiet], ink, surface };
}

/** The theme's colours as a canvas takes them. */
export function useInks(): Inks {
  const scheme = useComputedColorScheme('light');
  return useMemo(() => {
    // Asked for again with each theme.
    void scheme;
    const style = getComputedStyle(document.documentElement);
    const token = (name: string) => style.getPropertyValue(name).trim();
    return inksOf(token('--ink'), token('--ink-quiet'), token('--surface'));
  }, [scheme]);
}
