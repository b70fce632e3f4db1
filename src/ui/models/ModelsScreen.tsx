import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFileImport, IconTableImport } from '@tabler/icons-react';
import type { Actions } from '../../app/actions.ts';
import { Failures } from '../components/Failures.tsx';
import { pickFiles } from '../components/pick-files.ts';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { datasetSize } from '../frame/marks.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { EmbedBar } from './EmbedBar.tsx';
import { HubField } from './HubField.tsx';
import { ModelCards } from './ModelCards.tsx';
import styles from './ModelsScreen.module.css';
import { ModelsTable } from './ModelsTable.tsx';
import { ScoresNote } from './ScoresNote.tsx';

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
  const hasDataset = useStore(useWorkspace().dataset, (state) => state.dataset !== null);
  const rows = useStore(useWorkspace().models, (state) => state.rows);
  const counted = useStore(useWorkspace().models, (state) => state.counted);
  const images = useStore(useWorkspace().dataset, datasetSize);
  // Ten columns leave their names no room in less.
  const narrow = useMediaQuery('(max-width: 1199.98px)', false, { getInitialValueInEffect: false });
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
      <EmbedBar rows={rows} counted={counted} images={images} />
      {rows.length === 0 ? (
        <div className={styles.skeleton} role="status" aria-label="Loading the list of models" />
      ) : narrow ? (
        <ModelCards rows={rows} images={images} />
      ) : (
        <ModelsTable rows={rows} images={images} />
      )}
      <HubField />
      <ScoresNote rows={rows} />
    </div>
  );
}
