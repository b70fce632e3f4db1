import { Button } from '@mantine/core';
import { IconStarFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { compareModels, stopComparing } from '../../../state/actions.ts';
import { type BestVerdict, leaderboardStore } from '../../../state/leaderboard.ts';
import type { Measure, ResultRow } from '../../../state/result-rows.ts';
import { Explain } from '../../components/Explain.tsx';
import { formatAmount, formatCount } from '../../format.ts';
import { measures } from '../../runs/measures.tsx';
import type { Labels } from '../../runs/model-words.ts';
import styles from './Leaderboard.module.css';
import { rowWords } from './leaderboard-rows.ts';

interface BestLineProps {
  readonly verdict: BestVerdict;
  readonly judged: Measure;
  readonly labels: Labels;
}

/** Whether the highest figure means that the model is the best. */
export function BestLine({ verdict, judged, labels }: BestLineProps) {
  const progress = useStore(leaderboardStore, (state) => state.progress);
  const stopped = useStore(leaderboardStore, (state) => state.stopped);
  const title = measures.find(({ measure }) => measure === judged)?.title ?? judged;
  const name = <b>{rowWords(verdict.row, labels)}</b>;
  return (
    <div className={styles.line}>
      <div className={styles.sentence} aria-live="polite">
        {verdict.better ? (
          <>
            <IconStarFilled size={14} className={styles.star} aria-hidden="true" /> Best in {title}: {name}. It is
            better than{' '}
            {verdict.others === 1 ? 'the other model' : `each of the other ${formatCount(verdict.others)} models`}.
          </>
        ) : (
          <>
            Highest in {title}: {name}. <Doubt verdict={verdict} labels={labels} stopped={stopped} />
          </>
        )}{' '}
        {explanation}
      </div>
      {verdict.better === null && stopped ? (
        <Button size="compact-xs" variant="default" onClick={() => void compareModels(judged)}>
          Compare now
        </Button>
      ) : null}
      {verdict.better === null && progress !== null ? (
        <span className={styles.progress}>
          {formatCount(progress.done)} of {formatAmount(progress.total, 'comparison')}
          <Button size="compact-xs" variant="default" onClick={() => stopComparing()}>
            Stop
          </Button>
        </span>
      ) : null}
    </div>
  );
}

interface DoubtProps {
  readonly verdict: BestVerdict;
  readonly labels: Labels;
  /** A person has stopped the comparison. */
  readonly stopped: boolean;
}

/** Why the highest is not called the best. */
function Doubt({ verdict: { better, others, notSeparable, incomparable }, labels, stopped }: DoubtProps): ReactNode {
  if (others === 0) return 'There is no other model to compare it with.';
  if (better === null) {
    return stopped
      ? 'Whether it is better than the others has not been computed.'
      : 'Whether it is better than the others is being computed.';
  }
  return (
    <>
      {notSeparable.length === 0 ? null : (
        <>
          Not separable from <Models rows={notSeparable} labels={labels} />.
        </>
      )}
      {incomparable.length === 0 ? null : (
        <>
          {' '}
          Asked with other queries than <Models rows={incomparable} labels={labels} />, which are not compared with it.
        </>
      )}
    </>
  );
}

/** Names in sight; the rest unfolds. */
const NAMED = 3;

function Models({ rows, labels }: { readonly rows: readonly ResultRow[]; readonly labels: Labels }) {
  const words = rows.map((row) => rowWords(row, labels));
  if (words.length <= NAMED + 1) return <bdi>{words.join('; ')}</bdi>;
  return (
    <>
      <bdi>{words.slice(0, NAMED).join('; ')}</bdi>
      <details className={styles.more}>
        <summary>and {formatCount(words.length - NAMED)} more</summary>
        <bdi>{words.slice(NAMED).join('; ')}</bdi>
      </details>
    </>
  );
}

function BestExplanation() {
  return (
    <Explain term="not separable">
      <p>
        A higher figure alone may be luck. Two models are compared query by query: the differences on the queries both
        answered are drawn again 1,000 times (paired bootstrap), and the middle 95 % of their means make the interval.
      </p>
      <p>
        Where it holds 0, the two are not separable on these queries. A model is called the best only where it is better
        than every other one. With several seeds, each query counts with its mean over the seeds.
      </p>
    </Explain>
  );
}

/** Made once: drawing a popover anew would slow down every click. */
const explanation = <BestExplanation />;
