import { IconChartLine } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { exportFigures } from '../../../state/actions.ts';
import { dashboardStore } from '../../../state/dashboard.ts';
import { ExportRow } from './ExportRow.tsx';
import { SaveButton } from './SaveButton.tsx';

export function FiguresExport() {
  const none = useStore(dashboardStore, ({ a }) => a === null);
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
