import { useMemo } from 'react';
import { canScore } from '../../app/comparison/comparison.ts';
import { pathStore, type Step, stepsOf } from '../../app/settings/path.ts';
import { sameEntries, useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';

/** Whether images are there, and none has a class to compare models by. */
export function usePlain(): boolean {
  return useStore(useWorkspace().dataset, ({ images }) => images.length > 0 && !canScore(images));
}

/** What is done, as the strip and the rail show it: a list that stays the same object while nothing changes; null while it is not known. */
export function useSteps(): readonly Step[] | null {
  const plain = usePlain();
  const dataset = useStore(useWorkspace().dataset, (state) => state.dataset);
  const comparison = useStore(
    useWorkspace().comparison,
    ({ runs, stages, outdated }) => ({ runs, stages, outdated }),
    sameEntries,
  );
  const seen = useStore(pathStore, (state) => state.seen);
  const models = useStore(useWorkspace().models, ({ rows, counted }) => ({ rows, counted }), sameEntries);
  return useMemo(
    () => stepsOf({ data: { dataset }, models, comparison, seen, plain }),
    [dataset, models, comparison, seen, plain],
  );
}
