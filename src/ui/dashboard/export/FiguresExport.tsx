import { IconChartLine } from '@tabler/icons-react';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import { ExportRow } from './ExportRow.tsx';
import { SaveButton } from './SaveButton.tsx';

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
