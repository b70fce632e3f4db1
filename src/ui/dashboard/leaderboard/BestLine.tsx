import { Button, UnstyledButton } from '@mantine/core';
import { IconStarFilled } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { BestVerdict } from '../../../app/dashboard/leaderboard.ts';
import type { ResultRow } from '../../../core/result-rows.ts';
import { saturationWords, superlative } from '../../../metrics/best-run.ts';
import type { Metric } from '../../../metrics/registry.ts';
import { Explain } from '../../components/Explain.tsx';
import { formatAmount, formatCount } from '../../format.ts';
import type { Labels } from '../../runs/model-words.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import styles from './leaderboard.module.css';
import { rowWords } from './leaderboard-rows.ts';

interface BestLineProps {
  readonly verdict: BestVerdict;
  readonly judged: Metric;
  readonly labels: Labels;
  /** What is said of all heads below the line. */
  readonly shared: readonly string[];
}

/** Whether the highest figure means that the model is the best. */
export function BestLine({ verdict, judged, labels, shared }: BestLineProps) {
  const { compareModels, stopComparing } = useActions();
  const progress = useStore(useWorkspace().leaderboard, (state) => state.progress);
  const stopped = useStore(useWorkspace().leaderboard, (state) => state.stopped);
  const { metric, rows } = verdict;
  const saturation = saturationWords(verdict);
  return (
    <div className={styles.line}>
      <div className={styles.sentence} aria-live="polite">
        {saturation === null ? null : `${saturation} `}
        {verdict.better ? (
          <>
            <IconStarFilled size={14} className={styles.star} aria-hidden="true" /> Best in {metric.name}:{' '}
            <b>{rowWords(rows[0], labels, shared)}</b>. It is better than{' '}
            {verdict.others === 1 ? 'the other model' : `each of the other ${formatCount(verdict.others)} models`}.
          </>
        ) : (
          <>
            {verdict.saturated ? `Of these, ${superlative(metric)}` : capital(superlative(metric))} {metric.name}
            {rows.length > 1 ? `, ${formatCount(rows.length)} models alike` : ''}:{' '}
            <b>
              <Models rows={rows} labels={labels} shared={shared} />
            </b>
            . <Doubt verdict={verdict} labels={labels} shared={shared} stopped={stopped} />
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
  readonly shared: readonly string[];
  /** The user has stopped the comparison. */
  readonly stopped: boolean;
}

/** Why the highest is not called the best. */
function Doubt({ verdict, labels, shared, stopped }: DoubtProps): ReactNode {
  const { rows, better, others, notSeparable, incomparable } = verdict;
  const alone = rows.length === 1;
  if (others === 0) return alone ? 'There is no other model to compare it with.' : null;
  if (better === null) {
    const whether = alone ? 'Whether it is better than the others' : 'Whether they are better than the others';
    return stopped ? `${whether} has not been computed.` : `${whether} is being computed.`;
  }
  return (
    <>
      {notSeparable.length === 0 ? null : (
        <>
          {alone ? 'Not' : 'The first is not'} separable from{' '}
          <Models rows={notSeparable} labels={labels} shared={shared} />.
        </>
      )}
      {incomparable.length === 0 ? null : (
        <>
          {notSeparable.length === 0 ? '' : ' '}
          Asked with other queries than <Models rows={incomparable} labels={labels} shared={shared} />, which cannot be
          compared.
        </>
      )}
    </>
  );
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** Names in sight; the rest unfolds. */
const NAMED = 3;

interface ModelsProps {
  readonly rows: readonly ResultRow[];
  readonly labels: Labels;
  readonly shared: readonly string[];
}

function Models({ rows, labels, shared }: ModelsProps) {
  const words = rows.map((row) => rowWords(row, labels, shared));
  const [all, setAll] = useState(false);
  if (all || words.length <= NAMED + 1) return <bdi>{words.join('; ')}</bdi>;
  return (
    <>
      <bdi>{words.slice(0, NAMED).join('; ')}</bdi>{' '}
      <UnstyledButton className={styles.more} onClick={() => setAll(true)}>
        and {formatCount(words.length - NAMED)} more
      </UnstyledButton>
    </>
  );
}

function BestExplanation() {
  return (
    <Explain term="not separable">
      <p>
        A higher figure alone may be luck. Two models are compared query by query: the differences on the queries both
        answered are drawn again {formatCount(1000)} times (paired bootstrap), and the middle 95 % of their means make
        the interval. Where all queries differ by as much, resampling says nothing, and the score interval (Wilson 1927;
        Tango 1998) stands there: two models that are right on the same few queries may still differ on others.
      </p>
      <p>
        Where it holds 0, the two are not separable on these queries. A model is called the best only where it is better
        than every other one. With several seeds, each query counts with its mean over the seeds.
      </p>
      <p>
        Models with the same figure stand in the order of their top-1 accuracy, mAP@R and MRR, then the simpler one
        first (a single model before an ensemble, frozen before fine-tuned), then by name.
      </p>
    </Explain>
  );
}

/** Made once: drawing a popover again would slow down every click. */
const explanation = <BestExplanation />;
