import { NativeSelect } from '@mantine/core';
import { RANKINGS, type RankingName, type RankingTrial } from '../../app/search/search.ts';
import { metricOf } from '../../metrics/registry.ts';
import { scoreOf } from '../../metrics/scores.ts';
import { Explain } from '../components/Explain.tsx';
import { formatAmount, formatMetric } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './search.module.css';

/** The order of the answers. `class` is marked where validation images say that it is the better one. */
export function RankingChoice() {
  const { setRank } = useActions();
  const rank = useStore(useWorkspace().search, (state) => state.rank);
  const rankable = useStore(useWorkspace().search, (state) => state.rankable);
  const better = useStore(useWorkspace().search, (state) => state.trial?.classIsBetter === true);
  return (
    <NativeSelect
      size="xs"
      aria-label="Ranking"
      value={rank}
      data={RANKINGS.map(({ name, label, usesClasses }) => ({
        value: name,
        label: better && name === 'class' ? `${label} (better on validation)` : label,
        disabled: usesClasses && !rankable,
      }))}
      onChange={({ currentTarget: { value } }) => {
        const chosen = RANKINGS.find(({ name }) => name === value);
        if (chosen !== undefined) void setRank(chosen.name);
      }}
    />
  );
}

export function RankingExplanation() {
  return (
    <Explain term="the ranking">
      <RankingNotes />
    </Explain>
  );
}

const metrics = [metricOf('top1'), metricOf('top10'), metricOf('mapAtR')];

/** Each ranking in two lines: what it uses, what it gives up; and how it does on validation images, where that is known. */
export function RankingNotes() {
  const trial = useStore(useWorkspace().search, (state) => state.trial);
  const rankable = useStore(useWorkspace().search, (state) => state.rankable);
  return (
    <div className={styles.rankingNotes}>
      <dl className={styles.rankingList}>
        {RANKINGS.map(({ name, label, explanation }) => (
          <div key={name}>
            <dt className={styles.rankingName}>{label}</dt>
            {explanation.map((sentence) => (
              <dd key={sentence} className={styles.rankingSentence}>
                {sentence}
              </dd>
            ))}
            <Figures trial={trial} ranking={name} />
          </div>
        ))}
      </dl>
      <p className={styles.rankingSentence}>{trialSentence(trial, rankable)}</p>
    </div>
  );
}

/** "Top-1 95.1 · Top-10 99.2 · mAP@R 71.3" */
function Figures({ trial, ranking }: { readonly trial: RankingTrial | null; readonly ranking: RankingName }) {
  const found = trial?.scores.get(ranking);
  if (found === undefined) return null;
  const figures = metrics.flatMap((metric) => {
    const value = scoreOf(found, metric)?.value ?? null;
    return value === null ? [] : [`${metric.title} ${formatMetric(value, metric.format)}`];
  });
  return <dd className={styles.rankingFigures}>{figures.join(' · ')}</dd>;
}

function trialSentence(trial: RankingTrial | null, rankable: boolean): string {
  if (!rankable) {
    const some = RANKINGS.filter(({ usesClasses }) => usesClasses).map(({ label }) => label);
    return `${some.join(' and ')} need training images of at least two classes.`;
  }
  if (trial === null) return 'Remembered for this data set.';
  const verdict = trial.classIsBetter
    ? 'class brings the right images forward by more than chance'
    : 'class is not surely better than plain';
  return `On ${formatAmount(trial.queries, 'validation image')} of training, which no head has learned from, ${verdict}.`;
}
