import { SegmentedControl } from '@mantine/core';
import { IconAlertTriangle, IconTargetOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import {
  classAccuracyData,
  classAccuracyFigure,
  countedQueries,
  sameQueries,
} from '../../../app/dashboard/figures/classes.ts';
import { chosenNumbers } from '../../../app/settings/number-language.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FigureView } from '../../components/FigureView.tsx';
import { Notice } from '../../components/Notice.tsx';
import panel from '../../components/screen.module.css';
import { useHashParameters } from '../../location.ts';
import { useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';
import { Changes } from './Changes.tsx';
import { ClassQueries } from './ClassQueries.tsx';
import { ClassTable } from './ClassTable.tsx';
import { Confusions } from './Confusions.tsx';
import { noneCountsWords } from './class-words.ts';
import styles from './classes.module.css';
import { classKs, parseClassesAddress, setClasses } from './classes-address.ts';
import { type ChosenClasses, useClasses } from './use-classes.ts';

const none = <IconTargetOff size={32} stroke={1.4} aria-hidden="true" />;

/** What the averages hide: how each class fares, and which one it is taken for. */
export default function Classes() {
  const split = useStore(useWorkspace().dashboard, (state) => state.split);
  const chosen = useClasses();
  if (chosen !== null) {
    const counted = countedQueries(chosen.a);
    if (counted.counted > 0) return <ClassesView chosen={chosen} />;
    return (
      <EmptyState icon={none} title={`No ${split} query that counts`}>
        {noneCountsWords(counted)}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={none} title={`No ${split} queries to judge classes by`}>
      {split === 'test'
        ? 'The chosen run has no scored test queries. Choose another run, or look at validation.'
        : 'The chosen run has no validation queries: its classes are too small to divide, or its head came from a file. Choose another run, or look at test.'}
    </EmptyState>
  );
}

function ClassesView({ chosen: { a, b } }: { readonly chosen: ChosenClasses }) {
  const split = useStore(useWorkspace().dashboard, (state) => state.split);
  const hasSecond = useStore(useWorkspace().dashboard, (state) => state.b !== null);
  const { k, className, confused, view, cell } = parseClassesAddress(useHashParameters());
  const data = useMemo(() => classAccuracyData(a, b, k, split), [a, b, k, split]);
  const figure = useMemo(() => classAccuracyFigure(data), [data]);
  const shown = data.classes.find((row) => row.className === className) ?? data.classes[0] ?? null;
  return (
    <div className={styles.view}>
      {hasSecond && b === null ? (
        <p className={panel.note}>Run B was not scored on {split}: run A is shown alone.</p>
      ) : null}
      {b !== null && !sameQueries(a, b) ? (
        <Notice tone="warning" icon={<IconAlertTriangle size={18} aria-hidden="true" />}>
          The two runs were asked with different queries, since validation is divided by the seed: part of each change
          is chance.
        </Notice>
      ) : null}
      <FigureView
        figure={figure}
        tools={
          <SegmentedControl
            size="xs"
            aria-label="Right neighbours counted among the first"
            data={classKs.map((value) => ({ value: String(value), label: `Top-${value}` }))}
            value={String(k)}
            onChange={(value) => setClasses({ k: classKs.find((known) => String(known) === value) ?? 1 })}
          />
        }
      >
        <p className={panel.note}>
          {figure.summary(chosenNumbers)}
          {b === null ? ' Intervals are Wilson’s; with few queries they are wide.' : ''}
        </p>
      </FigureView>
      {b === null ? null : <Changes classes={data.classes} k={k} />}
      <div className={styles.columns}>
        <ClassTable data={data} shown={shown?.className ?? null} />
        {shown === null ? null : <ClassQueries key={shown.className} shown={shown} k={k} />}
      </div>
      <Confusions a={a} b={b} confused={b === null ? 'a' : confused} view={view} cell={cell} split={split} />
    </div>
  );
}
