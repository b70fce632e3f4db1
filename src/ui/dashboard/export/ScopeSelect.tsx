import { NativeSelect } from '@mantine/core';
import { formatAmount } from '../../format.ts';
import { sameEntries, useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';
import styles from './Export.module.css';

export type Scope = 'all' | 'chosen';

interface ScopeSelectProps {
  readonly value: Scope;
  readonly onChange: (scope: Scope) => void;
}

/** All runs, or the one or two that rule the dashboard. */
export function ScopeSelect({ value, onChange }: ScopeSelectProps) {
  const all = useRunsOf('all').length;
  const chosen = useRunsOf('chosen').length;
  return (
    <NativeSelect
      size="xs"
      label="Runs"
      className={styles.run}
      value={value}
      data={[
        {
          value: 'all',
          label: all === 1 ? 'The one run' : all === 2 ? 'Both runs' : `All ${formatAmount(all, 'run')}`,
        },
        { value: 'chosen', label: chosen === 1 ? 'The chosen run' : 'The two chosen runs', disabled: chosen === 0 },
      ]}
      onChange={(event) => onChange(event.currentTarget.value === 'chosen' ? 'chosen' : 'all')}
    />
  );
}

export function useRunsOf(scope: Scope): readonly string[] {
  const all = useStore(useWorkspace().comparison, ({ runs }) => runs.map(({ id }) => id), sameEntries);
  const chosen = useStore(useWorkspace().dashboard, ({ a, b }) => [a, b].filter((id) => id !== null), sameEntries);
  return scope === 'all' ? all : all.filter((id) => chosen.includes(id));
}
