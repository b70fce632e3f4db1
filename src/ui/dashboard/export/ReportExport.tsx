import { Checkbox } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useState } from 'react';
import { useActions } from '../../workspace.tsx';
import styles from './Export.module.css';
import { ExportRow } from './ExportRow.tsx';
import { SaveButton } from './SaveButton.tsx';
import { type Scope, ScopeSelect, useRunsOf } from './ScopeSelect.tsx';

export function ReportExport() {
  const { exportReport } = useActions();
  const [scope, setScope] = useState<Scope>('all');
  const [thumbnails, setThumbnails] = useState(true);
  const runs = useRunsOf(scope);
  return (
    <ExportRow
      icon={<IconFileText size={18} aria-hidden="true" />}
      title="Report"
      text="One HTML file that stands alone: task, data, method, results with their intervals, figures of the chosen runs, examples, environment and settings. Opens anywhere, prints well, asks no server for anything."
      options={
        <>
          <ScopeSelect value={scope} onChange={setScope} />
          <Checkbox
            size="xs"
            className={styles.check}
            label="With thumbnails of the examples"
            checked={thumbnails}
            onChange={(event) => setThumbnails(event.currentTarget.checked)}
          />
        </>
      }
      buttons={<SaveButton onSave={() => exportReport(runs, thumbnails)}>Save report</SaveButton>}
    />
  );
}
