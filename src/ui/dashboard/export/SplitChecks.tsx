import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Split } from '../../../types.ts';
import { formatCount } from '../../format.ts';
import { useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';
import styles from './Export.module.css';

const SPLITS: readonly Split[] = ['training', 'query', 'gallery'];
const TITLES: Readonly<Record<Split, string>> = { training: 'Training', query: 'Query', gallery: 'Gallery' };

export interface ChosenSplits {
  /** Ticked, and not empty. */
  readonly splits: readonly Split[];
  readonly toggle: (split: Split) => void;
}

export function useSplits(initial: readonly Split[]): ChosenSplits {
  const counts = useStore(useWorkspace().dataset, (state) => state.dataset?.counts);
  const [ticked, setTicked] = useState<readonly Split[]>(initial);
  return {
    splits: SPLITS.filter((split) => ticked.includes(split) && (counts?.[split] ?? 0) > 0),
    toggle: (split) =>
      setTicked((known) => (known.includes(split) ? known.filter((other) => other !== split) : [...known, split])),
  };
}

export function SplitChecks({ splits, toggle }: ChosenSplits) {
  const counts = useStore(useWorkspace().dataset, (state) => state.dataset?.counts);
  return (
    <fieldset className={styles.checks}>
      <legend>Images</legend>
      {SPLITS.map((split) => (
        <Checkbox
          key={split}
          size="xs"
          label={`${TITLES[split]} (${formatCount(counts?.[split] ?? 0)})`}
          checked={splits.includes(split)}
          disabled={(counts?.[split] ?? 0) === 0}
          onChange={() => toggle(split)}
        />
      ))}
    </fieldset>
  );
}
