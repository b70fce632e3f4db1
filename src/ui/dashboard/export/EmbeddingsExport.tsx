import { IconMatrix } from '@tabler/icons-react';
import { useState } from 'react';
import { useActions } from '../../workspace.tsx';
import { ExportRow } from './ExportRow.tsx';
import { RunSelect, useRunOf } from './RunSelect.tsx';
import { SaveButton } from './SaveButton.tsx';
import { SplitChecks, useSplits } from './SplitChecks.tsx';

export function EmbeddingsExport() {
  const { exportEmbeddings } = useActions();
  const [picked, setPicked] = useState<string | null>(null);
  const chosen = useSplits(['training', 'query', 'gallery']);
  const run = useRunOf(picked);
  return (
    <ExportRow
      icon={<IconMatrix size={18} aria-hidden="true" />}
      title="Embeddings"
      text="A zip with one NumPy file for each split (unit vectors, float32, one row an image) and the file names in the same order as JSON."
      options={
        <>
          <RunSelect value={picked} onChange={setPicked} />
          <SplitChecks {...chosen} />
        </>
      }
      buttons={
        <SaveButton
          disabled={run === null || chosen.splits.length === 0}
          onSave={() => (run === null ? undefined : exportEmbeddings(run, chosen.splits))}
        >
          Save embeddings
        </SaveButton>
      }
    />
  );
}
