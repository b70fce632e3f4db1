import { useMemo, useSyncExternalStore } from 'react';
import { MOST_COLOURED, slotColour } from './class-colours.ts';
import type { Inks } from './stamps.ts';

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
