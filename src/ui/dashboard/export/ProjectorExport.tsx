import { Checkbox } from '@mantine/core';
import { IconChartDots3 } from '@tabler/icons-react';
import { useState } from 'react';
import { useActions } from '../../workspace.tsx';
import { ExportRow } from './ExportRow.tsx';
import { RunSelect, useRunOf } from './RunSelect.tsx';
import { SaveButton } from './SaveButton.tsx';
import { SplitChecks, useSplits } from './SplitChecks.tsx';

export function ProjectorExport() {
  const { exportProjector } = useActions();
  const [picked, setPicked] = useState<string | null>(null);
  const [thumbnails, setThumbnails] = useState(true);
  const chosen = useSplits(['query', 'gallery']);
  const run = useRunOf(picked);
  return (
    <ExportRow
      icon={<IconChartDots3 size={18} aria-hidden="true" />}
      title="TensorFlow Embedding Projector"
      text="A zip for TensorBoard or the projector’s page: vectors and metadata as TSV, thumbnails in one picture, and a text that says how to load them."
      options={
        <>
          <RunSelect value={picked} onChange={setPicked} />
          <SplitChecks {...chosen} />
          <Checkbox
            size="xs"
            label="With thumbnails"
            checked={thumbnails}
            onChange={(event) => setThumbnails(event.currentTarget.checked)}
          />
        </>
      }
      buttons={
        <SaveButton
          disabled={run === null || chosen.splits.length === 0}
          onSave={() => (run === null ? undefined : exportProjector(run, chosen.splits, thumbnails))}
        >
          Save for the projector
        </SaveButton>
      }
    />
  );
}
