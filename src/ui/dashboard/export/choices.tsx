import { Checkbox, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { runName } from '../../../app/dashboard/figures/drawn.ts';
import type { Split } from '../../../types.ts';
import { formatAmount, formatCount } from '../../format.ts';
import { sameEntries, useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';
import styles from './Export.module.css';

interface RunSelectProps {
  readonly value: string | null;
  readonly onChange: (runId: string) => void;
}

/** The run that a file is made of; until another one is picked, the run that the dashboard shows. */
export function RunSelect({ value, onChange }: RunSelectProps) {
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const shown = useRunOf(value);
  return (
    <NativeSelect
      size="xs"
      label="Run"
      className={styles.run}
      value={shown ?? ''}
      data={runs.map((run) => ({ value: run.id, label: runName(run) }))}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The picked run, where it is there still; else the dashboard's; else the first. */
export function useRunOf(picked: string | null): string | null {
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const a = useStore(useWorkspace().dashboard, (state) => state.a);
  const there = (id: string | null) => runs.some((run) => run.id === id);
  return there(picked) ? picked : there(a) ? a : (runs[0]?.id ?? null);
}

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

const SPLITS: readonly Split[] = ['training', 'query', 'gallery'];
const TITLES: Readonly<Record<Split, string>> = { training: 'Training', query: 'Query', gallery: 'Gallery' };

interface ChosenSplits {
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
