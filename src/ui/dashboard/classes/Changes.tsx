import { UnstyledButton } from '@mantine/core';
import { IconTrendingDown, IconTrendingUp } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { type ClassComparison, greatestChanges } from '../../../app/dashboard/figures/classes.ts';
import { Name } from '../../components/Name.tsx';
import panel from '../../components/screen.module.css';
import { changeWords, hitsWords } from './class-words.ts';
import styles from './classes.module.css';
import { setClasses } from './classes-address.ts';

const MOST = 5;

interface ChangesProps {
  readonly classes: readonly ClassComparison[];
  readonly k: number;
}

/** The classes that run A finds more often than run B, and less often. */
export function Changes({ classes, k }: ChangesProps) {
  const { gained, lost } = useMemo(() => greatestChanges(classes, MOST), [classes]);
  return (
    <div className={styles.changes}>
      <ChangeList
        title="Gained most from B to A"
        icon={<IconTrendingUp size={18} className={styles.right} aria-hidden="true" />}
        rows={gained}
        none={`No class gains at top-${k}.`}
      />
      <ChangeList
        title="Lost most from B to A"
        icon={<IconTrendingDown size={18} className={styles.wrong} aria-hidden="true" />}
        rows={lost}
        none={`No class loses at top-${k}.`}
      />
    </div>
  );
}

interface ChangeListProps {
  readonly title: string;
  readonly icon: ReactNode;
  readonly rows: readonly ClassComparison[];
  readonly none: string;
}

function ChangeList({ title, icon, rows, none }: ChangeListProps) {
  return (
    <section className={panel.panel} aria-label={title}>
      <h3 className={styles.title}>
        {icon}
        {title}
      </h3>
      {rows.length === 0 ? (
        <p className={panel.note}>{none}</p>
      ) : (
        <ol className={styles.list}>
          {rows.map(({ className, a, b, change }) => (
            <li key={className} className={styles.change}>
              <UnstyledButton className={styles.class} onClick={() => setClasses({ className })}>
                <Name>{className}</Name>
              </UnstyledButton>
              <span className={panel.note}>
                {hitsWords(b)} → {hitsWords(a)}
              </span>
              <span className={styles.points}>{changeWords(change)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
