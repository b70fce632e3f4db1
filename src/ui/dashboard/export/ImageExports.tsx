import { Checkbox, NumberInput } from '@mantine/core';
import { IconChartDots3, IconListNumbers, IconMatrix, IconTags } from '@tabler/icons-react';
import { useState } from 'react';
import { isWithin } from '../../../app/dashboard/dashboard.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import { RunSelect, SplitChecks, useRunOf, useSplits } from './choices.tsx';
import styles from './Export.module.css';
import { ExportRow, SaveButton } from './ExportRow.tsx';

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

/** As many neighbours as are kept with a run. */
const MOST = 100;

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= MOST;

/** Whether there are images to ask with, and a gallery to search. */
export function useRankable(): boolean {
  const counts = useStore(useWorkspace().dataset, (state) => state.dataset?.counts);
  const images = useStore(useWorkspace().dataset, (state) => state.images);
  return counts !== undefined && counts.gallery > 0 && (counts.query > 0 || isWithin(images));
}

export function RankingExport() {
  const { exportRanking } = useActions();
  const [picked, setPicked] = useState<string | null>(null);
  const [k, setK] = useState(10);
  const run = useRunOf(picked);
  const possible = useRankable();
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

export function LabelsExport() {
  const { exportLabels } = useActions();
  const chosen = useSplits(['training', 'query', 'gallery']);
  const none = chosen.splits.length === 0;
  return (
    <ExportRow
      icon={<IconTags size={18} aria-hidden="true" />}
      title="Labels"
      text="The class of each image as it counts here, as labels.json of FiftyOne’s image classification data sets, or as COCO annotations with a box around the whole image."
      options={<SplitChecks {...chosen} />}
      buttons={
        <>
          <SaveButton disabled={none} onSave={() => exportLabels('fiftyone', chosen.splits)}>
            Save for FiftyOne
          </SaveButton>
          <SaveButton disabled={none} onSave={() => exportLabels('coco', chosen.splits)}>
            Save as COCO
          </SaveButton>
        </>
      }
    />
  );
}

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
