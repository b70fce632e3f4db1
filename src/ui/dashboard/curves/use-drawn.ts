import { useEffect, useState } from 'react';
import type { Drawn } from '../../../app/dashboard/figures/drawn.ts';
import { useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';

export interface Drawing {
  readonly drawn: readonly Drawn[] | null;
  readonly pending: boolean;
}

/**
 * What `draw` makes of the chosen runs, made again when they change; null until the first is there. The one before stays in
 * sight meanwhile. `draw` must keep its identity as long as it draws the same.
 */
export function useDrawn(draw: (signal: AbortSignal) => Promise<readonly Drawn[]>): Drawing {
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const shown = useStore(useWorkspace().dashboard);
  const [made, setMade] = useState<{ readonly drawn: readonly Drawn[]; readonly of: object } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `draw` reads the runs from their store, so that it draws again when they change.
  useEffect(() => {
    if (shown.status !== 'ready') return;
    const controller = new AbortController();
    void draw(controller.signal).then((drawn) => {
      if (!controller.signal.aborted) setMade({ drawn, of: shown });
    });
    return () => controller.abort();
  }, [runs, shown, draw]);
  return { drawn: made?.drawn ?? null, pending: made?.of !== shown };
}
