import { Button, NativeSelect } from '@mantine/core';
import { IconAlertTriangle, IconCircleX, IconDownload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Problem, ProblemKind } from '../../types.ts';
import { PathName } from '../components/Name.tsx';
import { type Column, VirtualTable } from '../components/VirtualTable.tsx';
import { formatCount, formatSentence } from '../format.ts';
import { useActions } from '../workspace.tsx';
import styles from './dataset.module.css';

const ALL = 'all';

const columns: readonly Column<Problem>[] = [
  {
    key: 'kind',
    title: 'Problem',
    width: '200px',
    cell: (problem) => (
      <span className={styles.severity}>
        {problem.severity === 'skipped' ? (
          <IconCircleX size={16} className={styles.skipped} aria-hidden="true" />
        ) : (
          <IconAlertTriangle size={16} className={styles.warning} aria-hidden="true" />
        )}
        {problemWords[problem.kind]}
      </span>
    ),
  },
  { key: 'file', title: 'File', width: '28%', cell: (problem) => <PathName path={problem.path} /> },
  { key: 'reason', title: 'Reason', cell: (problem) => <bdi>{formatSentence(problem.reason)}</bdi> },
  {
    key: 'action',
    title: 'What was done',
    width: '20%',
    cell: (problem) => <bdi>{formatSentence(problem.action)}</bdi>,
  },
];

export function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  const { downloadProblems } = useActions();
  const [kind, setKind] = useState<string>(ALL);
  const kinds = useMemo(() => countKinds(problems), [problems]);
  const shown = useMemo(
    () => (kind === ALL ? problems : problems.filter((problem) => problem.kind === kind)),
    [problems, kind],
  );
  if (problems.length === 0) {
    return <p className={styles.none}>No problems: every file is an image with a place in the data set.</p>;
  }
  return (
    <>
      <div className={styles.tools}>
        <NativeSelect
          size="xs"
          aria-label="Kind of problem"
          value={kinds.some((entry) => entry.value === kind) ? kind : ALL}
          data={[{ value: ALL, label: `All kinds (${formatCount(problems.length)})` }, ...kinds]}
          onChange={(event) => setKind(event.currentTarget.value)}
        />
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
          onClick={() => downloadProblems()}
        >
          Download as CSV
        </Button>
      </div>
      <VirtualTable
        label="Problems"
        columns={columns}
        rows={shown}
        keyOf={(_, at) => String(at)}
        minWidth={760}
        stacks
      />
    </>
  );
}

function countKinds(problems: readonly Problem[]): { value: string; label: string }[] {
  const counts = new Map<Problem['kind'], number>();
  for (const { kind } of problems) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => ({ value: kind, label: `${problemWords[kind]} (${formatCount(count)})` }));
}

/** What each kind of problem is called on the screen. */
const problemWords: Readonly<Record<ProblemKind, string>> = {
  'not-an-image': 'Not an image',
  undecodable: 'Cannot be decoded',
  'empty-file': 'Empty file',
  unreadable: 'Cannot be read',
  'outside-roles': 'Outside the roles',
  'no-class': 'No class',
  duplicate: 'Duplicate',
  'conflicting-label': 'Conflicting label',
  leak: 'In training and test',
  'single-image-class': 'Class with one image',
  'empty-class': 'Empty class',
  'not-embedded': 'Could not be embedded',
  changed: 'Changed since it was read',
  'ground-truth': 'Ground truth',
  'ground-truth-refused': 'Ground truth refused',
  'looks-like-split': 'Split or class',
  'nested-classes': 'Folders in classes',
  'similar-classes': 'Similar classes',
  'classes-apart': 'Classes apart',
  archive: 'Archive',
};
