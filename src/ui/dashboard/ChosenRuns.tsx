import { ActionIcon, NativeSelect } from '@mantine/core';
import { IconArrowsExchange, IconX } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { canFineTune, type RunRow } from '../../app/comparison/comparison.ts';
import { bestRows, resultRows, scoreOfRuns } from '../../core/result-rows.ts';
import { RANKINGS, rankingNamed } from '../../core/run-choice.ts';
import { runColour, runDash } from '../../figures/palette.ts';
import { type Metric, metricOf } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';
import { Explain } from '../components/Explain.tsx';
import { formatMetric, formatMetricInterval } from '../format.ts';
import { useLabels } from '../runs/model-words.ts';
import { runWords } from '../runs/result-words.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './dashboard.module.css';

/** The one or two runs that every tab shows, always in sight. */
export function ChosenRuns() {
  const { chooseDashboard } = useActions();
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const a = useStore(useWorkspace().dashboard, (state) => state.a);
  const b = useStore(useWorkspace().dashboard, (state) => state.b);
  const split = useStore(useWorkspace().dashboard, (state) => state.split);
  const aChosen = useStore(useWorkspace().dashboard, (state) => state.aChosen);
  const metrics = useJudgedBy(runs);
  const labels = useLabels();
  const options = runs.map((run) => ({ value: run.id, label: runWords(run, labels) }));
  const best = options.find(({ value }) => value === a);
  // Without scores none is the best.
  const scored = runs.length === 0 || runs.some(({ result }) => result.test || result.validation);
  return (
    <section className={styles.runs} aria-label="Chosen runs">
      <Slot letter="A" run={runs.find(({ id }) => id === a)} metrics={metrics}>
        <NativeSelect
          size="xs"
          className={styles.select}
          aria-label="Run A"
          value={aChosen || !scored ? (a ?? '') : ''}
          data={[
            ...(scored
              ? [
                  {
                    value: '',
                    label:
                      aChosen || best === undefined
                        ? 'The best run'
                        : `Best on ${split === 'test' ? 'the test' : 'validation'}: ${best.label}`,
                  },
                ]
              : []),
            ...options.map((option) => ({ ...option, disabled: option.value === b })),
          ]}
          onChange={(event) => void chooseDashboard({ a: event.currentTarget.value || null })}
        />
      </Slot>
      {runs.length < 2 ? null : (
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="dimmed"
            className={styles.swap}
            aria-label="Swap A and B"
            title="Swap A and B"
            disabled={b === null}
            onClick={() => void chooseDashboard({ a: b, b: a })}
          >
            <IconArrowsExchange size={18} aria-hidden="true" />
          </ActionIcon>
          <Slot letter="B" run={runs.find(({ id }) => id === b)} metrics={metrics}>
            <NativeSelect
              size="xs"
              className={styles.select}
              aria-label="Run B"
              value={b ?? ''}
              data={[
                { value: '', label: 'Compare with …' },
                ...options.map((option) => ({ ...option, disabled: option.value === a })),
              ]}
              onChange={(event) => void chooseDashboard({ b: event.currentTarget.value || null })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              c="dimmed"
              aria-label="Clear B"
              title="Look at A alone"
              disabled={b === null}
              onClick={() => void chooseDashboard({ b: null })}
            >
              <IconX size={18} aria-hidden="true" />
            </ActionIcon>
          </Slot>
        </>
      )}
    </section>
  );
}

interface SlotProps {
  readonly letter: 'A' | 'B';
  readonly run: RunRow | undefined;
  readonly metrics: readonly Metric[];
  readonly children: ReactNode;
}

function Slot({ letter, run, metrics, children }: SlotProps) {
  const split = useStore(useWorkspace().dashboard, (state) => state.split);
  return (
    <div className={styles.slot}>
      <RunMark letter={letter} slot={run?.colour ?? null} />
      {children}
      {run ? <RankingSelect letter={letter} run={run} /> : null}
      {run && (run.result.test || run.result.validation)
        ? metrics.map((metric) => <Headline key={metric.key} run={run} split={split} metric={metric} />)
        : null}
    </div>
  );
}

/** The order of the run's answers; one that it was not scored in yet is scored when it is chosen. */
function RankingSelect({ letter, run }: { readonly letter: 'A' | 'B'; readonly run: RunRow }) {
  const { rankRun } = useActions();
  const knowsClasses = useStore(useWorkspace().dataset, ({ images }) => canFineTune(images));
  const { rank } = run.choice;
  return (
    <>
      <NativeSelect
        size="xs"
        className={styles.ranking}
        aria-label={`Ranking of run ${letter}`}
        title={rankingNamed(rank).summary}
        value={rank}
        data={RANKINGS.map(({ name, order, usesClasses }) => ({
          value: name,
          label: order,
          disabled: usesClasses && !knowsClasses,
        }))}
        onChange={(event) => {
          const chosen = RANKINGS.find(({ name }) => name === event.currentTarget.value);
          if (chosen) void rankRun(letter === 'A' ? 'a' : 'b', chosen.name);
        }}
      />
      <Explain term="the ranking">
        {knowsClasses ? null : <p>Orders by classes need training images of at least two classes.</p>}
        <dl className={styles.rankings}>
          {RANKINGS.map(({ name, order, summary }) => (
            <div key={name}>
              <dt>{order}</dt>
              <dd>{summary}</dd>
            </div>
          ))}
        </dl>
      </Explain>
    </>
  );
}

interface RunMarkProps {
  readonly letter: 'A' | 'B';
  /** Its colour's number; null for no run. */
  readonly slot: number | null;
}

/** The letter over the line that the run has in every figure. */
export function RunMark({ letter, slot }: RunMarkProps) {
  return (
    <span className={styles.mark}>
      {letter}
      <svg width="24" height="4" aria-hidden="true">
        {slot === null ? null : (
          <line
            x2="24"
            y1="2"
            y2="2"
            strokeWidth="3"
            stroke={runColour(slot)}
            strokeDasharray={runDash(slot) ?? undefined}
          />
        )}
      </svg>
    </span>
  );
}

/** What models are judged by and, where several are perfect in it, what decides between them. */
function useJudgedBy(runs: readonly RunRow[]): readonly Metric[] {
  const split = useStore(useWorkspace().dashboard, (state) => state.split);
  const judged = useStore(useWorkspace().dashboard, ({ metric }) => metricOf(metric));
  return useMemo(() => {
    const best = bestRows(resultRows(runs), split, judged);
    return best?.saturated ? [judged, best.metric] : [judged];
  }, [runs, split, judged]);
}

interface HeadlineProps {
  readonly run: RunRow;
  readonly split: ScoredSplit;
  readonly metric: Metric;
}

/** A figure of the run on the shown split. */
function Headline({ run, split, metric: { title, format }, metric }: HeadlineProps) {
  const score = scoreOfRuns([run], split, metric);
  return (
    <span className={styles.headline}>
      <span className={styles.quiet}>{title}</span>
      {score === null ? (
        <span className={styles.quiet}>not known</span>
      ) : (
        <>
          <b>{formatMetric(score.value, format)}</b>
          {score.interval === null ? null : (
            <span className={`${styles.quiet} ${styles.interval}`}>{formatMetricInterval(score.interval, format)}</span>
          )}
        </>
      )}
    </span>
  );
}
