import { IconMatrix } from '@tabler/icons-react';
import { useState } from 'react';
import { useActions } from '../../workspace.tsx';
import { ExportRow } from './ExportRow.tsx';
import { RunSelect, useRunOf } from './RunSelect.tsx';
import { SaveButton } from './SaveButton.tsx';
import { SplitChecks, useSplits } from './SplitChecks.tsx';

export function EmbeddingsExport() {
  const { exportEmbeddings, exportParquet } = useActions();
  const [picked, setPicked] = useState<string | null>(null);
  const chosen = useSplits(['training', 'query', 'gallery']);
  const run = useRunOf(picked);
  const disabled = run === null || chosen.splits.length === 0;
  return (
    <ExportRow
      icon={<IconMatrix size={18} aria-hidden="true" />}
      title="Embeddings"
      text="A zip with one NumPy file for each split (unit vectors, float32, one row an image) and the file names in the same order as JSON. Or one Parquet file with path, split, class and embedding, for DuckDB, pandas, Spark and vector databases."
      options={
        <>
          <RunSelect value={picked} onChange={setPicked} />
          <SplitChecks {...chosen} />
        </>
      }
      buttons={
        <>
          <SaveButton
            disabled={disabled}
            onSave={() => (run === null ? undefined : exportEmbeddings(run, chosen.splits))}
          >
            Save embeddings
          </SaveButton>
          <SaveButton disabled={disabled} onSave={() => (run === null ? undefined : exportParquet(run, chosen.splits))}>
            Save as Parquet
          </SaveButton>
        </>
      }
    />
  );
}
