import { Button, CloseButton, SegmentedControl, UnstyledButton } from '@mantine/core';
import { useMemo, useState } from 'react';
import {
  type ClassRun,
  type ConfusedPair,
  type ConfusionCell,
  type ConfusionView,
  classesOf,
  confusedPairs,
  confusionData,
  confusionFigure,
  MOST_CLASSES,
  queriesInCell,
} from '../../../app/dashboard/figures/classes.ts';
import { chosenNumbers } from '../../../app/settings/number-language.ts';
import type { ScoredSplit } from '../../../types.ts';
import { FigureView } from '../../components/FigureView.tsx';
import { ImageKeys } from '../../components/image-actions.tsx';
import panel from '../../components/screen.module.css';
import { formatAmount, formatCount } from '../../format.ts';
import { useLookView } from '../look/use-look.ts';
import { ClassQuery } from './ClassQuery.tsx';
import { ConfusionMatrix } from './ConfusionMatrix.tsx';
import { pairWords } from './class-words.ts';
import styles from './classes.module.css';
import { setClasses } from './classes-address.ts';
import type { ChosenClasses } from './use-classes.ts';

/** The pairs named beside the matrix; its table has all. */
const MOST = 10;

interface ConfusionsProps extends ChosenClasses {
  /** The run that is shown. */
  readonly confused: 'a' | 'b';
  readonly view: ConfusionView;
  /** The cell whose queries are shown. */
  readonly cell: ConfusionCell | null;
  readonly split: ScoredSplit;
}

/** Which class the queries of each class meet, as a matrix whose cells open their images. */
export function Confusions({ a, b, confused, view, cell, split }: ConfusionsProps) {
  const run = confused === 'b' && b !== null ? b : a;
  const data = useMemo(() => confusionData(run, split, view), [run, split, view]);
  const figure = useMemo(() => data && confusionFigure(data), [data]);
  if (data === null || figure === null) return null;
  const { confusion } = data;
  const pairs = confusedPairs(confusion);
  const { unmet } = confusion;
  const all = classesOf(confusion);
  const opened = cell && confusion.pairs.find((pair) => pair.query === cell.query && pair.neighbour === cell.neighbour);
  return (
    <div className={styles.confusions}>
      <FigureView
        figure={figure}
        tools={
          <>
            <SegmentedControl
              size="xs"
              aria-label="Neighbours that are counted"
              data={[
                { value: 'first', label: 'First neighbour' },
                { value: 'wrong', label: 'First wrong neighbour' },
              ]}
              value={view}
              onChange={(value) => setClasses({ view: value === 'wrong' ? 'wrong' : 'first', cell: null })}
            />
            {b === null ? null : (
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
            )}
          </>
        }
        drawn={<ConfusionMatrix data={data} opened={opened ?? null} onOpen={(next) => setClasses({ cell: next })} />}
      >
        <p className={panel.note}>
          {figure.summary(chosenNumbers)}
          {view === 'wrong' ? ' Neighbours of unknown class are passed over.' : ''}
          {unmet === 0 ? '' : ` ${unmetWords(view, unmet)}`}
          {all > MOST_CLASSES ? ' The table has all classes.' : ''}
        </p>
      </FigureView>
      <div className={panel.panel}>
        {opened ? (
          <CellQueries key={JSON.stringify(opened)} run={run} letter={confused} view={view} pair={opened} />
        ) : null}
        <section className={panel.panel} aria-labelledby="confused-pairs">
          <h2 id="confused-pairs" className={styles.title}>
            Most confused
          </h2>
          {pairs.length === 0 ? (
            <p className={panel.note}>No query meets another class.</p>
          ) : (
            <Pairs pairs={pairs} view={view} />
          )}
        </section>
      </div>
    </div>
  );
}

const unmetWords = (view: ConfusionView, unmet: number): string =>
  view === 'first'
    ? `The first neighbour of ${formatAmount(unmet, 'query', 'queries')} has no known class.`
    : `${formatAmount(unmet, 'query meets', 'queries meet')} no other class among the stored neighbours.`;

function Pairs({ pairs, view }: { readonly pairs: readonly ConfusedPair[]; readonly view: ConfusionView }) {
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
              {view === 'first' || pair.nearest === 0
                ? ''
                : `, ${formatCount(pair.nearest)} before any right neighbour`}
              .
            </span>
            <UnstyledButton
              className={styles.link}
              aria-label={`Show the queries of ${pair.query} that meet ${pair.neighbour}`}
              onClick={() => setClasses({ cell: { query: pair.query, neighbour: pair.neighbour } })}
            >
              Show them
            </UnstyledButton>
          </li>
        ))}
      </ol>
      {pairs.length <= MOST ? null : (
        <p className={panel.note}>The table of the figure has all {formatAmount(pairs.length, 'pair')}.</p>
      )}
    </>
  );
}

/** Queries shown at once. */
const STEP = 6;

interface CellQueriesProps {
  readonly run: ClassRun;
  readonly letter: 'a' | 'b';
  readonly view: ConfusionView;
  readonly pair: ConfusedPair;
}

/** The queries of one cell of the confusion matrix, with their first neighbours. */
function CellQueries({ run, letter, view, pair }: CellQueriesProps) {
  const look = useLookView();
  const [most, setMost] = useState(STEP);
  const queries = useMemo(() => {
    const column = letter === 'b' ? look?.table.b : look?.table.a;
    if (!column) return [];
    const wanted = new Set(queriesInCell(run, view, pair));
    return [...column.rows.keys()].filter((at) => wanted.has(column.rows[at] ?? -1));
  }, [look, letter, run, view, pair]);
  const right = pair.query === pair.neighbour;
  const left = queries.length - most;
  return (
    <section className={panel.panel} aria-labelledby="cell-queries">
      <div className={panel.head}>
        <h2 id="cell-queries" className={styles.title} aria-live="polite">
          <bdi>{pair.query}</bdi> → <bdi>{pair.neighbour}</bdi>
        </h2>
        <CloseButton aria-label="Close these queries" onClick={() => setClasses({ cell: null })} />
      </div>
      <p className={panel.note}>
        {pairWords(pair)} of <bdi>{pair.query}</bdi>{' '}
        {view === 'wrong' ? (
          <>
            meet <bdi>{pair.neighbour}</bdi> before any other class but their own.
          </>
        ) : right ? (
          'have an image of their own class as their first neighbour.'
        ) : (
          <>
            have an image of <bdi>{pair.neighbour}</bdi> as their first neighbour.
          </>
        )}
        {queries.length < pair.count
          ? ` ${formatAmount(pair.count - queries.length, 'query', 'queries')} of run B cannot be shown: run A was not asked with them.`
          : ''}
      </p>
      <ImageKeys />
      {look === null ? null : (
        <ul className={styles.queries}>
          {queries.slice(0, most).map((query) => (
            <ClassQuery key={query} view={look} query={query} className={pair.query} />
          ))}
        </ul>
      )}
      {left <= 0 ? null : (
        <Button size="xs" variant="default" className={styles.more} onClick={() => setMost(most + STEP)}>
          Show {formatCount(Math.min(left, STEP))} more of {formatCount(queries.length)}
        </Button>
      )}
    </section>
  );
}
