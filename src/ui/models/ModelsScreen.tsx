import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFileImport, IconStack2, IconTableImport } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link } from 'wouter';
import type { Actions } from '../../app/actions.ts';
import { canScore } from '../../app/comparison/comparison.ts';
import { datasetListStore } from '../../app/dataset/dataset-list.ts';
import type { ModelRow } from '../../app/models/models.ts';
import { Failures } from '../components/Notice.tsx';
import { pickFiles } from '../components/pick-files.ts';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { formatAmount } from '../format.ts';
import { datasetSize } from '../frame/marks.ts';
import { askedOf, leftOut } from '../runs/result-words.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { embedPlan, WAITS_FOR_IMAGES } from './embed-plan.ts';
import { HubField } from './HubField.tsx';
import { ModelCards, ModelsTable } from './ModelsTable.tsx';
import styles from './models.module.css';

async function pickWeights(importWeights: Actions['importWeights']): Promise<void> {
  const files = await pickFiles({ accept: '.safetensors,.json', multiple: true });
  if (files.length > 0) await importWeights(files);
}

async function pickVectors(importVectors: Actions['importVectors']): Promise<void> {
  const files = await pickFiles({ accept: '.npy,.parquet,.json,.txt,.csv', multiple: true });
  if (files.length > 0) await importVectors(files);
}

export default function ModelsScreen() {
  const { importVectors, importWeights } = useActions();
  const opening = useStore(datasetListStore, (state) => state.status === 'loading');
  const hasDataset = useStore(useWorkspace().dataset, (state) => state.dataset !== null);
  const rows = useStore(useWorkspace().models, (state) => state.rows);
  const counted = useStore(useWorkspace().models, (state) => state.counted);
  const images = useStore(useWorkspace().dataset, datasetSize);
  // Where no image has a class, nothing is scored.
  const compares = useStore(useWorkspace().dataset, (state) => canScore(state.images));
  const scored = compares || rows.some((row) => row.scores !== null);
  // Ten columns leave their names no room in less.
  const narrow = useMediaQuery('(max-width: 1199.98px)', false, { getInitialValueInEffect: false });
  // A card gets scores only where there are some, and would grow under the reader once they are counted; a row has room for them.
  const waits = rows.length === 0 || (narrow && (opening || (images > 0 && !counted)));
  return (
    <div className={styles.view}>
      <ScreenHeader
        title="Models"
        actions={
          <>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconFileImport size={16} aria-hidden="true" />}
              title="model.safetensors in timm’s names, with its config.json where you have it"
              onClick={() => void pickWeights(importWeights)}
            >
              Import .safetensors
            </Button>
            <Button
              variant="default"
              size="xs"
              ml={8}
              leftSection={<IconTableImport size={16} aria-hidden="true" />}
              disabled={!hasDataset}
              title="A .parquet file, or .npy with the file names in row order (.json, .txt or .csv): a model of your own"
              onClick={() => void pickVectors(importVectors)}
            >
              Import vectors
            </Button>
          </>
        }
      >
        Tick the models to embed every image with. Colour and gradient needs no download and is the baseline: a network
        earns its time by beating it.
      </ScreenHeader>
      <Failures screen="models" />
      <EmbedBar rows={rows} counted={counted} images={images} compares={compares} />
      {waits ? (
        <div className={styles.skeleton} role="status" aria-label="Loading the list of models" />
      ) : (
        <>
          {narrow ? (
            <ModelCards rows={rows} images={images} />
          ) : (
            <ModelsTable rows={rows} images={images} scored={scored} />
          )}
          <HubField />
          <ScoresNote rows={rows} />
        </>
      )}
    </div>
  );
}

/** Over which queries the scores were taken. */
function ScoresNote({ rows }: { readonly rows: readonly ModelRow[] }) {
  const scores = rows.find((row) => row.scores !== null)?.scores ?? null;
  const all = useStore(useWorkspace().dataset, ({ images }) => images);
  const asked = useMemo(() => askedOf(all), [all]);
  if (scores === null) return null;
  const out = leftOut(scores.skipped, asked);
  return (
    <p className={styles.note}>
      Scores in per cent, of the models without fine-tuning, over {formatAmount(scores.queries, 'query', 'queries')}
      {out === null ? '.' : `; ${out}.`}
    </p>
  );
}

interface EmbedBarProps {
  readonly rows: readonly ModelRow[];
  /** Whether the rows say what is embedded (ModelsState). */
  readonly counted: boolean;
  readonly images: number;
  /** Whether there are classes to compare models by. */
  readonly compares: boolean;
}

function EmbedBar({ rows, counted, images, compares }: EmbedBarProps) {
  const { embed } = useActions();
  const files = useStore(useWorkspace().dataset, (state) => state.files);
  const waits = useStore(useWorkspace().dataset, ({ awaiting }) => awaiting.includes('embed'));
  const plan = waits
    ? { label: 'Embed', note: WAITS_FOR_IMAGES, possible: false }
    : embedPlan({ rows, counted }, images, files);
  return (
    <div className={styles.embed}>
      <Button
        leftSection={<IconStack2 size={18} aria-hidden="true" />}
        disabled={!plan.possible}
        aria-describedby="embed-note"
        onClick={() => void embed()}
      >
        {plan.label}
      </Button>
      <span id="embed-note" className={styles.quiet}>
        {plan.note} {images === 0 ? <Link href="/data">Go to Data</Link> : null}
        {!rows.some((row) => row.embedded > 0) ? null : compares ? (
          <Link href="/comparison">Compare models</Link>
        ) : (
          <>
            <Link href="/dashboard?tab=map">See the map</Link> <Link href="/search">Search</Link>
          </>
        )}
      </span>
    </div>
  );
}
