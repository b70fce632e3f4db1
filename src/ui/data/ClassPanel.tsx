import { Button, SegmentedControl } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { Name } from '../components/Name.tsx';
import panel from '../components/screen.module.css';
import { type Column, VirtualTable } from '../components/VirtualTable.tsx';
import { formatCount } from '../format.ts';
import { useActions } from '../workspace.tsx';
import type { ClassCount } from './class-counts.ts';
import styles from './dataset.module.css';

const ClassChart = lazy(() => import('./ClassChart.tsx'));

const columns: readonly Column<ClassCount>[] = [
  { key: 'class', title: 'Class', cell: (row) => <Name>{row.className}</Name> },
  { key: 'training', title: 'Training', width: '84px', numeric: true, cell: (row) => formatCount(row.training) },
  { key: 'query', title: 'Query', width: '76px', numeric: true, cell: (row) => formatCount(row.query) },
  { key: 'gallery', title: 'Gallery', width: '84px', numeric: true, cell: (row) => formatCount(row.gallery) },
];

/** Images per class, as a chart or as the table behind it. */
export function ClassPanel({ classes }: { readonly classes: readonly ClassCount[] }) {
  const { downloadGroundTruth } = useActions();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  return (
    <section className={panel.panel} aria-labelledby="classes-heading">
      <div className={panel.head}>
        <h2 id="classes-heading">Images per class</h2>
        {classes.length === 0 ? null : (
          <span className={panel.tools}>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={16} aria-hidden="true" />}
              title="The classes as they are now, as a table that can be added as ground truth"
              onClick={() => downloadGroundTruth()}
            >
              Save labels
            </Button>
            <SegmentedControl
              size="xs"
              aria-label="Show images per class as"
              data={[
                { value: 'chart', label: 'Chart' },
                { value: 'table', label: 'Table' },
              ]}
              value={view}
              onChange={setView}
            />
          </span>
        )}
      </div>
      {classes.length === 0 ? (
        <p className={panel.note}>
          No class is known yet: classes come from sub-folders, from ground truth, or from you: select images below and
          press “Class…”.
        </p>
      ) : view === 'chart' ? (
        <Suspense fallback={<div className={styles.chartSkeleton} />}>
          <ClassChart classes={classes} />
        </Suspense>
      ) : (
        <VirtualTable
          label="Images per class"
          columns={columns}
          rows={classes}
          keyOf={(row) => row.className}
          maxHeight={300}
        />
      )}
    </section>
  );
}
