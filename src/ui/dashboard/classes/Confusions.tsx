import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { type ConfusedPair, confusionData, confusionFigure } from '../../../app/dashboard/figures/classes.ts';
import type { ScoredSplit } from '../../../types.ts';
import { FigureView } from '../../components/FigureView.tsx';
import { Name } from '../../components/Name.tsx';
import { formatAmount, formatCount } from '../../format.ts';
import styles from './Classes.module.css';
import { pairWords } from './class-words.ts';
import { lookAddress, setClasses } from './classes-address.ts';
import type { ChosenClasses } from './use-classes.ts';

/** The pairs named beside the matrix; its table has all. */
const MOST = 10;

interface ConfusionsProps extends ChosenClasses {
  /** The run that is shown. */
  readonly confused: 'a' | 'b';
  readonly split: ScoredSplit;
}

/** Which class the queries of each class meet first besides their own. */
export function Confusions({ a, b, confused, split }: ConfusionsProps) {
  const run = confused === 'b' && b !== null ? b : a;
  const data = useMemo(() => confusionData(run, split), [run, split]);
  const figure = useMemo(() => data && confusionFigure(data), [data]);
  if (data === null || figure === null) return null;
  const { pairs, unmet } = data.confusion;
  const choice =
    b === null ? null : (
      <SegmentedControl
        size="xs"
        aria-label="Confusions of run"
        data={[
          { value: 'a', label: 'Run A' },
          { value: 'b', label: 'Run B' },
        ]}
        value={confused}
        onChange={(value) => setClasses({ confused: value === 'b' ? 'b' : 'a' })}
      />
    );
  return (
    <div className={styles.confusions}>
      <FigureView figure={figure} tools={choice}>
        <p className={styles.note}>
          {figure.summary} Neighbours of unknown class are passed over.
          {unmet === 0
            ? ''
            : ` ${formatAmount(unmet, 'query meets', 'queries meet')} no other class among the stored neighbours.`}
        </p>
      </FigureView>
      <section className={styles.panel} aria-labelledby="confused-pairs">
        <h2 id="confused-pairs" className={styles.title}>
          Most confused
        </h2>
        {pairs.length === 0 ? <p className={styles.note}>No query meets another class.</p> : <Pairs pairs={pairs} />}
      </section>
    </div>
  );
}

function Pairs({ pairs }: { readonly pairs: readonly ConfusedPair[] }) {
  return (
    <>
      <ol className={styles.list}>
        {pairs.slice(0, MOST).map((pair) => (
          <li key={JSON.stringify([pair.query, pair.neighbour])} className={styles.pair}>
            <span>
              {pairWords(pair)} of{' '}
              <em>
                <bdi>{pair.query}</bdi>
              </em>{' '}
              {pair.count === 1 ? 'meets' : 'meet'}{' '}
              <em>
                <bdi>{pair.neighbour}</bdi>
              </em>{' '}
              first
              {pair.nearest === 0 ? '' : `, ${formatCount(pair.nearest)} before any right neighbour`}.
            </span>
            <Link href={lookAddress(pair.query)} className={styles.link}>
              Look at <Name>{pair.query}</Name>
            </Link>
          </li>
        ))}
      </ol>
      {pairs.length <= MOST ? null : (
        <p className={styles.note}>The table of the figure has all {formatAmount(pairs.length, 'pair')}.</p>
      )}
    </>
  );
}
