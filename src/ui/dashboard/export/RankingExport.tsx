import { NumberInput } from '@mantine/core';
import { IconListNumbers } from '@tabler/icons-react';
import { useState } from 'react';
import { isWithin } from '../../../app/dashboard/dashboard.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import styles from './Export.module.css';
import { ExportRow } from './ExportRow.tsx';
import { RunSelect, useRunOf } from './RunSelect.tsx';
import { SaveButton } from './SaveButton.tsx';

/** As many neighbours as are kept with a run. */
const MOST = 100;

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= MOST;

export function RankingExport() {
  const { exportRanking } = useActions();
  const counts = useStore(useWorkspace().dataset, (state) => state.dataset?.counts);
  const images = useStore(useWorkspace().dataset, (state) => state.images);
  const [picked, setPicked] = useState<string | null>(null);
  const [k, setK] = useState(10);
  const run = useRunOf(picked);
  const possible = counts !== undefined && counts.gallery > 0 && (counts.query > 0 || isWithin(images));
  return (
    <ExportRow
      icon={<IconListNumbers size={18} aria-hidden="true" />}
      title="Ranking for a competition"
      text="The first k gallery files of every query, best first; no labels needed. JSON as {&quot;query&quot;: [&quot;gallery&quot;, …]}, CSV as query, rank, gallery, similarity. File names are relative to their split’s folder."
      options={
        possible ? (
          <>
            <RunSelect value={picked} onChange={setPicked} />
            <NumberInput
              size="xs"
              label="k (1 to 100)"
              className={styles.count}
              min={1}
              max={MOST}
              allowDecimal={false}
              allowNegative={false}
              value={k}
              onChange={(value) => isCount(Number(value)) && setK(Number(value))}
            />
          </>
        ) : null
      }
      buttons={
        possible && run !== null ? (
          <>
            <SaveButton onSave={() => exportRanking(run, 'json', k)}>Save ranking as JSON</SaveButton>
            <SaveButton onSave={() => exportRanking(run, 'csv', k)}>Save ranking as CSV</SaveButton>
          </>
        ) : (
          <p className={styles.reason}>This data set has no query images, or no gallery: there is nothing to rank.</p>
        )
      }
    />
  );
}
