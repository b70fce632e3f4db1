import { Button } from '@mantine/core';
import { IconFileImport, IconPhoto, IconPlayerPlay, IconTags } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link } from 'wouter';
import type { Actions } from '../../app/actions.ts';
import { type ComparisonState, canFineTune, canScore } from '../../app/comparison/comparison.ts';
import { datasetListStore } from '../../app/dataset/dataset-list.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { Failures } from '../components/Notice.tsx';
import { pickFiles } from '../components/pick-files.ts';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { datasetSize } from '../frame/marks.ts';
import { ScreenSkeleton } from '../frame/ScreenSkeleton.tsx';
import { downloadNote, WAITS_FOR_IMAGES } from '../models/embed-plan.ts';
import { OutdatedRuns } from '../runs/OutdatedRuns.tsx';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { BackboneTicks } from './BackboneTicks.tsx';
import { BestOfAll } from './BestOfAll.tsx';
import styles from './comparison.module.css';
import { Ensembles } from './Ensembles.tsx';
import planStyles from './plan.module.css';
import { RecipePanel } from './RecipePanel.tsx';
import { Results } from './Results.tsx';
import { runPlan } from './run-plan.ts';
import { Stages } from './Stages.tsx';
import { Training } from './Training.tsx';

async function pickHead(loadHead: Actions['loadHead']): Promise<void> {
  const [file] = await pickFiles({ accept: '.safetensors' });
  if (file !== undefined) await loadHead(file);
}

export default function ComparisonScreen() {
  const { loadHead } = useActions();
  const status = useStore(datasetListStore, (state) => state.status);
  const datasetId = useStore(useWorkspace().dataset, (state) => state.dataset?.id ?? null);
  const scores = useStore(useWorkspace().dataset, ({ images }) => images.length === 0 || canScore(images));
  // It tries models on images of training/ that heads have not learned from.
  const chooses = useStore(useWorkspace().dataset, ({ images }) => canFineTune(images));
  if (status === 'loading') return <ScreenSkeleton />;
  if (datasetId === null) {
    return (
      <div className={styles.view}>
        <ScreenHeader title="Comparison" />
        <Failures screen="comparison" />
        <EmptyState
          icon={<IconPhoto size={32} stroke={1.4} aria-hidden="true" />}
          title="No images to compare models on yet"
          action={
            <Button component={Link} href="/data">
              Go to Data
            </Button>
          }
        >
          Open a folder of images first: training images to fine-tune with, query and gallery images to measure with.
        </EmptyState>
      </div>
    );
  }
  if (!scores) {
    return (
      <div className={styles.view}>
        <ScreenHeader title="Comparison" />
        <Failures screen="comparison" />
        <EmptyState
          icon={<IconTags size={32} stroke={1.4} aria-hidden="true" />}
          title="Nothing to compare by: no image has a class"
          action={
            <Button component={Link} href="/dashboard?tab=map">
              Go to the map
            </Button>
          }
        >
          A comparison counts how often a model finds an image of the right class. Find clusters on the map and name
          them, or select images there and give them a class. Search and the map need none.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className={styles.view}>
      <ScreenHeader
        title="Comparison"
        actions={
          <Button
            variant="default"
            size="xs"
            leftSection={<IconFileImport size={16} aria-hidden="true" />}
            title="A head that was saved here or in another browser, as .safetensors"
            onClick={() => void pickHead(loadHead)}
          >
            Load head
          </Button>
        }
      >
        Which model finds the right class among the first k{chooses ? ': frozen or fine-tuned, alone or together' : ''}?
        What is computed is kept; running again computes only what is missing.
      </ScreenHeader>
      <Failures screen="comparison" />
      <OutdatedRuns />
      <RunBar />
      <div className={styles.columns}>
        <Plan key={`plan ${datasetId}`} />
        <div key={datasetId} className={styles.live}>
          {chooses ? <BestOfAll /> : null}
          <Stages />
          <Results />
          <Training />
        </div>
      </div>
    </div>
  );
}

function RunBar() {
  const { runComparison } = useActions();
  const state = useStore(useWorkspace().comparison);
  const rows = useStore(useWorkspace().models, (models) => models.rows);
  const images = useStore(useWorkspace().dataset, datasetSize);
  const waits = useStore(useWorkspace().dataset, ({ awaiting }) => awaiting.includes('compare'));
  const plan = waits ? { label: 'Run comparison', reason: WAITS_FOR_IMAGES } : runPlan(state.stages, state.running);
  const download = useMemo(() => {
    const wanted = plannedWeights(state);
    return downloadNote(rows.filter((row) => wanted.has(row.weights.id) && row.embedded < images));
  }, [state, rows, images]);
  return (
    <div className={styles.run}>
      <Button
        leftSection={<IconPlayerPlay size={18} aria-hidden="true" />}
        disabled={plan.reason !== null}
        aria-describedby="run-note"
        onClick={() => void runComparison()}
      >
        {plan.label}
      </Button>
      <span id="run-note" className={styles.quiet}>
        {plan.reason ?? download}
      </span>
    </div>
  );
}

function plannedWeights({ singles, ensembles }: ComparisonState): ReadonlySet<string> {
  const alone = singles.filter(({ frozen, finetuned }) => frozen || finetuned);
  const together = ensembles.flatMap(({ members }) => members);
  return new Set([...alone, ...together].map(({ weightsId }) => weightsId));
}

/** What is to be compared. While a comparison runs, changes are for the next one. */
function Plan() {
  const fineTunes = useStore(useWorkspace().dataset, ({ images }) => canFineTune(images));
  return (
    <section className={planStyles.plan} aria-label="Plan">
      <BackboneTicks canFineTune={fineTunes} />
      <div className={planStyles.stack}>
        <Ensembles canFineTune={fineTunes} />
        {fineTunes ? <RecipePanel /> : null}
      </div>
    </section>
  );
}
