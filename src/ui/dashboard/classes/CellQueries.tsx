import { Button, CloseButton } from '@mantine/core';
import { useMemo, useState } from 'react';
import {
  type ClassRun,
  type ConfusedPair,
  type ConfusionView,
  queriesInCell,
} from '../../../app/dashboard/figures/classes.ts';
import panel from '../../components/Panel.module.css';
import { formatAmount, formatCount } from '../../format.ts';
import { useLookView } from '../look/use-look.ts';
import styles from './Classes.module.css';
import queriesStyles from './ClassQueries.module.css';
import { ClassQuery } from './ClassQuery.tsx';
import { pairWords } from './class-words.ts';
import { setClasses } from './classes-address.ts';

/** Queries shown at once. */
const STEP = 6;

interface CellQueriesProps {
  readonly run: ClassRun;
  readonly letter: 'a' | 'b';
  readonly view: ConfusionView;
  readonly pair: ConfusedPair;
}

/** The queries of one cell of the confusion matrix, with their first neighbours. */
export function CellQueries({ run, letter, view, pair }: CellQueriesProps) {
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
      {look === null ? null : (
        <ul className={queriesStyles.queries}>
          {queries.slice(0, most).map((query) => (
            <ClassQuery key={query} view={look} query={query} className={pair.query} />
          ))}
        </ul>
      )}
      {left <= 0 ? null : (
        <Button size="xs" variant="default" className={queriesStyles.more} onClick={() => setMost(most + STEP)}>
          Show {formatCount(Math.min(left, STEP))} more of {formatCount(queries.length)}
        </Button>
      )}
    </section>
  );
}
