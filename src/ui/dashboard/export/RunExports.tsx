import { Checkbox } from '@mantine/core';
import { IconChartLine, IconFileText, IconShieldCheck, IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import { type Scope, ScopeSelect, useRunsOf } from './choices.tsx';
import styles from './Export.module.css';
import { ExportRow, SaveButton } from './ExportRow.tsx';

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

export function FiguresExport() {
  const { exportFigures } = useActions();
  const none = useStore(useWorkspace().dashboard, ({ a }) => a === null);
  return (
    <ExportRow
      icon={<IconChartLine size={18} aria-hidden="true" />}
      title="Figures"
      text="Every figure of the chosen runs in one zip: as SVG, as PNG, and its numbers as CSV."
      buttons={
        <SaveButton disabled={none} onSave={exportFigures}>
          Save figures
        </SaveButton>
      }
    />
  );
}

export function BundleExport() {
  const { exportBundle } = useActions();
  const [scope, setScope] = useState<Scope>('all');
  const runs = useRunsOf(scope);
  return (
    <ExportRow
      icon={<IconShieldCheck size={18} aria-hidden="true" />}
      title="Reproducibility bundle"
      text="A zip with embeddings, labels, splits, settings, hashes of weights and images, results, and a short Python script that recomputes every number of the table with NumPy alone and prints the differences. No images are in it; file names are."
      options={<ScopeSelect value={scope} onChange={setScope} />}
      buttons={<SaveButton onSave={() => exportBundle(runs)}>Save bundle</SaveButton>}
    />
  );
}
