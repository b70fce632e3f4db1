import { TextInput, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ClassAccuracy, ClassAccuracyData, ClassComparison } from '../../../app/dashboard/figures/classes.ts';
import { Name } from '../../components/Name.tsx';
import panel from '../../components/screen.module.css';
import { type Column, VirtualTable } from '../../components/VirtualTable.tsx';
import { formatAmount, formatCount, formatInterval, formatShare } from '../../format.ts';
import { accuracyWords, changeWords } from './class-words.ts';
import styles from './classes.module.css';
import { setClasses } from './classes-address.ts';

/** Fewer are found by looking. */
const SEARCHED = 15;

interface ClassTableProps {
  readonly data: ClassAccuracyData;
  /** The class whose queries are shown. */
  readonly shown: string | null;
}

/** Every class, in the order of the figure; one is chosen by its name. */
export function ClassTable({ data, shown }: ClassTableProps) {
  const { classes, k } = data;
  const two = data.b !== null;
  const narrow = useMediaQuery('(max-width: 719.98px)', false, { getInitialValueInEffect: false });
  const [text, setText] = useState('');
  const rows = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return wanted === '' ? classes : classes.filter(({ className }) => className.toLowerCase().includes(wanted));
  }, [classes, text]);
  const columns = useMemo(() => columnsOf({ k, two, narrow }, shown), [k, two, narrow, shown]);
  return (
    <section className={panel.panel} aria-labelledby="all-classes">
      <div className={panel.head}>
        <h2 id="all-classes" className={styles.title}>
          All classes
        </h2>
        {classes.length < SEARCHED ? null : (
          <TextInput
            size="xs"
            aria-label="Find a class by its name"
            placeholder="Find a class"
            leftSection={<IconSearch size={14} aria-hidden="true" />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
      </div>
      <p className={panel.note} role="status">
        {rows.length === classes.length
          ? `${formatAmount(classes.length, 'class', 'classes')}, ${two ? 'from the greatest loss to the greatest gain of A against B' : 'from worst to best'}.`
          : `${formatCount(rows.length)} of ${formatAmount(classes.length, 'class', 'classes')} with that name.`}
      </p>
      {rows.length === 0 ? null : (
        <VirtualTable
          label="All classes"
          columns={columns}
          rows={rows}
          keyOf={(row) => row.className}
          rowHeight={narrow ? 56 : 41}
          maxHeight={480}
          minWidth={narrow ? 300 : two ? 650 : 400}
        />
      )}
    </section>
  );
}

const queries: Column<ClassComparison> = {
  key: 'queries',
  title: 'Queries',
  width: '76px',
  numeric: true,
  cell: ({ a, b }) => formatCount(a?.queries ?? b?.queries ?? 0),
};

function Stacked({ side }: { readonly side: ClassAccuracy | null }) {
  if (side === null) return '–';
  return (
    <>
      {formatShare(side.share)}
      <span className={styles.interval}>{formatInterval(side.interval)}</span>
    </>
  );
}

interface Shape {
  readonly k: number;
  readonly two: boolean;
  /** Intervals stand below their shares, and of two runs the number of queries is left to the figure. */
  readonly narrow: boolean;
}

function columnsOf({ k, two, narrow }: Shape, shown: string | null): Column<ClassComparison>[] {
  const accuracy = (side: 'a' | 'b', title: string): Column<ClassComparison> => ({
    key: side,
    title: `${title} (%)`,
    width: narrow ? '92px' : '172px',
    numeric: true,
    cell: (row) => (narrow ? <Stacked side={row[side]} /> : accuracyWords(row[side])),
  });
  return [
    {
      key: 'class',
      title: 'Class',
      cell: ({ className }) => (
        <UnstyledButton
          className={styles.class}
          aria-pressed={className === shown}
          onClick={() => setClasses({ className })}
        >
          <Name>{className}</Name>
        </UnstyledButton>
      ),
    },
    ...(two && narrow ? [] : [queries]),
    ...(two
      ? [
          accuracy('a', `A: top-${k}`),
          accuracy('b', `B: top-${k}`),
          {
            key: 'change',
            title: 'Change',
            width: narrow ? '76px' : '80px',
            numeric: true,
            cell: ({ change }: ClassComparison) => changeWords(change),
          },
        ]
      : [accuracy('a', `Top-${k}`)]),
  ];
}
