import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import type { EpochReport, TrainingView } from '../../app/comparison/comparison.ts';
import { bestEpoch } from '../../figures/training-epochs.ts';
import panel from '../components/screen.module.css';
import { type Column, VirtualTable } from '../components/VirtualTable.tsx';
import { formatLoss, formatShare } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './comparison.module.css';
import { trainingSentence } from './comparison-words.ts';

const TrainingCurves = lazy(() => import('./TrainingCurves.tsx'));

/** The training under way, or an earlier one, epoch by epoch. */
export function Training() {
  const { stopTraining } = useActions();
  const trainings = useStore(useWorkspace().comparison, (state) => state.trainings);
  // Null follows the latest.
  const [chosen, setChosen] = useState<number | null>(null);
  const [view, setView] = useState<'curves' | 'table'>('curves');
  const latest = trainings.length - 1;
  const at = chosen === null ? latest : Math.min(chosen, latest);
  const training = trainings[at];
  if (training === undefined) return null;
  const live = trainings[latest]?.ended === null;
  return (
    <section className={panel.panel} aria-labelledby="training-heading">
      <div className={panel.head}>
        <h2 id="training-heading">Training</h2>
        <div className={panel.tools}>
          {live ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlayerStop size={16} aria-hidden="true" />}
              title="Ends the training under way after its epoch; the comparison goes on with the best head so far"
              onClick={() => void stopTraining()}
            >
              Stop and keep the best
            </Button>
          ) : null}
          {trainings.length > 1 ? (
            <NativeSelect
              size="xs"
              aria-label="Training"
              value={String(at)}
              data={trainings.map(({ label }, number) => ({ value: String(number), label })).reverse()}
              onChange={(event) => {
                const wanted = Number(event.currentTarget.value);
                setChosen(wanted === latest ? null : wanted);
              }}
            />
          ) : null}
          <SegmentedControl
            size="xs"
            aria-label="Show the training as"
            data={[
              { value: 'curves', label: 'Curves' },
              { value: 'table', label: 'Table' },
            ]}
            value={view}
            onChange={setView}
          />
        </div>
      </div>
      <p className={styles.sentence}>
        {trainings.length > 1 ? null : <b>{training.label}. </b>}
        {trainingSentence(training)}
      </p>
      <Epochs training={training} view={view} />
    </section>
  );
}

interface EpochsProps {
  readonly training: TrainingView;
  readonly view: 'curves' | 'table';
}

function Epochs({ training, view }: EpochsProps) {
  // Deferred: epochs may come faster than three charts can be drawn.
  const reports = useDeferredValue(training.reports);
  const best = bestEpoch(reports)?.epoch ?? null;
  const columns = useMemo(() => epochColumns(best), [best]);
  if (reports.length === 0) return <div className={styles.skeleton} />;
  return view === 'curves' ? (
    <Suspense fallback={<div className={styles.skeleton} />}>
      <TrainingCurves label={training.label} reports={reports} />
    </Suspense>
  ) : (
    <VirtualTable
      label={`Epochs of ${training.label}`}
      columns={columns}
      rows={reports}
      keyOf={({ phase, epoch }) => `${phase} ${epoch}`}
      minWidth={640}
      maxHeight={260}
    />
  );
}

const share = (value: number | undefined): string => (value === undefined ? '–' : formatShare(value));

const figure = (
  key: string,
  title: string,
  cell: (report: EpochReport) => string,
  width = '72px',
): Column<EpochReport> => ({ key, title, width, numeric: true, cell });

/** The table behind the curves; `best` is the epoch of the first fit that is kept. */
function epochColumns(best: number | null): readonly Column<EpochReport>[] {
  return [
    {
      key: 'epoch',
      title: 'Epoch',
      width: '88px',
      cell: ({ phase, epoch }) =>
        phase === 'refit' ? `${epoch}, refit` : epoch === best ? `${epoch}, best` : String(epoch),
    },
    figure('loss', 'Loss, fit', ({ loss }) => formatLoss(loss)),
    figure(
      'validation-loss',
      'Loss, validation',
      ({ validation }) => (validation ? formatLoss(validation.loss) : '–'),
      '92px',
    ),
    figure('accuracy', 'Accuracy, fit', ({ accuracy }) => formatShare(accuracy), '88px'),
    figure('validation-accuracy', 'Accuracy, validation', ({ validation }) => share(validation?.accuracy), '92px'),
    ...['1', '5', '10'].map((k) =>
      figure(`top-${k}`, `Top-${k}`, ({ validation }) => share(validation?.topk[k]), '72px'),
    ),
  ];
}
