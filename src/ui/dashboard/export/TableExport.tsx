import { IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { useActions } from '../../workspace.tsx';
import { ExportRow } from './ExportRow.tsx';
import { SaveButton } from './SaveButton.tsx';
import { type Scope, ScopeSelect, useRunsOf } from './ScopeSelect.tsx';

export function TableExport() {
  const { exportTable } = useActions();
  const [scope, setScope] = useState<Scope>('all');
  const runs = useRunsOf(scope);
  return (
    <ExportRow
      icon={<IconTable size={18} aria-hidden="true" />}
      title="Table of results"
      text="Top-k accuracy with 95 % intervals, mAP@R and MRR, test and validation. LaTeX for \input, without any package; Markdown for a page; CSV with every digit for a program."
      options={<ScopeSelect value={scope} onChange={setScope} />}
      buttons={
        <>
          <SaveButton onSave={() => exportTable(runs, 'latex')}>Save LaTeX</SaveButton>
          <SaveButton onSave={() => exportTable(runs, 'markdown')}>Save Markdown</SaveButton>
          <SaveButton onSave={() => exportTable(runs, 'csv')}>Save CSV</SaveButton>
        </>
      }
    />
  );
}
