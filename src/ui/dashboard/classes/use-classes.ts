import { useMemo } from 'react';
import { type ClassRun, classRun } from '../../../app/dashboard/figures/classes.ts';
import { useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';

export interface ChosenClasses {
  readonly a: ClassRun;
  readonly b: ClassRun | null;
}

/** The chosen runs with the classes of their queries; null where the first was not scored on the split. */
export function useClasses(): ChosenClasses | null {
  const state = useStore(useWorkspace().dashboard);
  const runs = useStore(useWorkspace().comparison, (comparison) => comparison.runs);
  const images = useStore(useWorkspace().dataset, (datasets) => datasets.images);
  return useMemo(() => {
    const [a = null, b = null] = [state.a, state.b].map((id) => {
      const run = runs.find((candidate) => candidate.id === id);
      return run === undefined ? null : classRun(run, state, images);
    });
    return a === null ? null : { a, b };
  }, [state, runs, images]);
}
