import { NativeSelect } from '@mantine/core';
import { runName } from '../../../app/dashboard/figures/chosen-runs.ts';
import { useStore } from '../../use-store.ts';
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
