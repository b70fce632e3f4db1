import { useLocation } from 'wouter';
import { jobs } from '../../app/jobs/jobs.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';

export interface PlainWays {
  /** Whether the images were embedded with some model. */
  readonly embedded: boolean;
  readonly busy: boolean;
  /** Goes to map or search; images that nothing has embedded are embedded first, with what needs no download. */
  goTo(address: '/dashboard?tab=map' | '/search'): Promise<void>;
}

/** What can be done with images that have no classes. */
export function usePlainWays(): PlainWays {
  const { embed } = useActions();
  const [, navigate] = useLocation();
  const embedded = useStore(useWorkspace().comparison, ({ runs }) => runs.length > 0);
  const builtIn = useStore(
    useWorkspace().models,
    ({ rows }) => rows.find(({ weights }) => weights.origin === 'built-in')?.weights.id ?? null,
  );
  const busy = useStore(jobs.store, ({ running }) => running.some(({ screen }) => screen === 'models'));
  return {
    embedded,
    busy,
    async goTo(address) {
      if (embedded || (builtIn !== null && (await embed([builtIn])))) navigate(address);
    },
  };
}
