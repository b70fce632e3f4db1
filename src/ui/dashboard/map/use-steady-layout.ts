import { useReducedMotion } from '@mantine/hooks';
import { useState } from 'react';
import type { MapLayout } from '../../../app/dashboard/embedding-map.ts';

/** The layout to show: each one as it comes, but with reduced motion only those that stay. */
export function useSteadyLayout(layout: MapLayout | null, drawing: boolean): MapLayout | null {
  const still = useReducedMotion();
  const [held, setHeld] = useState(layout);
  const passing = still && drawing && layout?.method === 'umap' && !layout.settled;
  if (!passing && held !== layout) {
    setHeld(layout);
    return layout;
  }
  return held;
}
