import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { ComparisonState } from '../../app/comparison/comparison.ts';
import { datasetSize } from '../frame/marks.ts';
import { downloadNote } from '../models/embed-plan.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './ComparisonScreen.module.css';
import { runPlan } from './run-plan.ts';

export function RunBar() {
  const { runComparison } = useActions();
  const state = useStore(useWorkspace().comparison);
  const rows = useStore(useWorkspace().models, (models) => models.rows);
  const images = useStore(useWorkspace().dataset, datasetSize);
  const plan = runPlan(state.stages, state.running);
  const download = useMemo(() => {
    const wanted = plannedWeights(state);
    return downloadNote(rows.filter((row) => wanted.has(row.weights.id) && row.embedded < images));
  }, [state, rows, images]);
  return (
    <div className={styles.run}>
      <Button
        leftSection={<IconPlayerPlay size={18} aria-hidden="true" />}
        disabled={plan.reason !== null}
        aria-describedby="run-note"
        onClick={() => void runComparison()}
      >
        {plan.label}
      </Button>
      <span id="run-note" className={styles.quiet}>
        {plan.reason ?? download}
      </span>
    </div>
  );
}

function plannedWeights({ singles, ensembles }: ComparisonState): ReadonlySet<string> {
  const alone = singles.filter(({ frozen, finetuned }) => frozen || finetuned);
  const together = ensembles.flatMap(({ members }) => members);
  return new Set([...alone, ...together].map(({ weightsId }) => weightsId));
}
