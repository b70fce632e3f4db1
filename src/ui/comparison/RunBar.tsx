import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { runComparison } from '../../state/actions.ts';
import { type ComparisonState, comparisonStore } from '../../state/comparison.ts';
import { datasetStore } from '../../state/datasets.ts';
import { modelsStore } from '../../state/models.ts';
import { datasetSize } from '../frame/marks.ts';
import { downloadNote } from '../models/embed-plan.ts';
import styles from './ComparisonScreen.module.css';
import { runPlan } from './run-plan.ts';

export function RunBar() {
  const state = useStore(comparisonStore);
  const rows = useStore(modelsStore, (models) => models.rows);
  const images = useStore(datasetStore, datasetSize);
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
