import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { ClassComparison } from '../../../app/dashboard/figures/classes.ts';
import { everyQuery, filterQueries } from '../../../core/look.ts';
import { ImageKeys } from '../../components/image-actions.tsx';
import { Name } from '../../components/Name.tsx';
import panel from '../../components/screen.module.css';
import { formatCount } from '../../format.ts';
import { type LookView, useLookView } from '../look/use-look.ts';
import { ClassQuery } from './ClassQuery.tsx';
import { hitsWords } from './class-words.ts';
import styles from './classes.module.css';
import { lookAddress } from './classes-address.ts';

/** Queries shown at once. */
const STEP = 6;

interface ClassQueriesProps {
  readonly shown: ClassComparison;
  readonly k: number;
}

/** The queries of one class with their first neighbours, those that fail first. */
export function ClassQueries({ shown: { className, a, b }, k }: ClassQueriesProps) {
  const view = useLookView();
  return (
    <section className={panel.panel} aria-labelledby="class-queries">
      <div className={panel.head}>
        <h2 id="class-queries" className={styles.title}>
          <span>Queries of</span> <Name>{className}</Name>
        </h2>
        <Link href={lookAddress(className)} className={styles.link}>
          Open in Look
        </Link>
      </div>
      {view === null ? (
        <p className={panel.note}>The neighbours of this run are not stored, so its queries cannot be shown.</p>
      ) : (
        <>
          <p className={panel.note}>
            Right at top-{k}: {hitsWords(a)}
            {view.sides.length === 2 ? ` in A, ${hitsWords(b)} in B` : ''}. The hardest come first. <ImageKeys />
          </p>
          <Queries view={view} className={className} />
        </>
      )}
    </section>
  );
}

function Queries({ view, className }: { readonly view: LookView; readonly className: string }) {
  const [most, setMost] = useState(STEP);
  const queries = useMemo(
    () => filterQueries(view.table, { ...everyQuery, className, order: 'hardest' }),
    [view.table, className],
  );
  const left = queries.length - most;
  return (
    <>
      <ul className={styles.queries}>
        {Array.from(queries.subarray(0, most), (query) => (
          <ClassQuery key={query} view={view} query={query} className={className} />
        ))}
      </ul>
      {queries.length === 0 ? <p className={panel.note}>Run A was asked with no query of this class.</p> : null}
      {left <= 0 ? null : (
        <Button size="xs" variant="default" className={styles.more} onClick={() => setMost(most + STEP)}>
          Show {formatCount(Math.min(left, STEP))} more of {formatCount(queries.length)}
        </Button>
      )}
    </>
  );
}
