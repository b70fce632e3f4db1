import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { MapLayout, ReadImage } from '../../../app/dashboard/embedding-map.ts';
import { Name, PathName } from '../../components/Name.tsx';
import { type Column, VirtualTable } from '../../components/VirtualTable.tsx';
import { localised } from '../../number-language.ts';
import { useActions } from '../../workspace.tsx';
import styles from './map.module.css';
import { splitNames } from './map-words.ts';

interface PointRow {
  readonly image: ReadImage;
  readonly x: number;
  readonly y: number;
}

const place = localised({ minimumFractionDigits: 3, maximumFractionDigits: 3 });

const columns: readonly Column<PointRow>[] = [
  { key: 'file', title: 'File', cell: ({ image }) => <PathName path={image.file} /> },
  {
    key: 'class',
    title: 'Class',
    width: '26%',
    cell: ({ image }) => (image.className === null ? 'Class unknown' : <Name>{image.className}</Name>),
  },
  { key: 'split', title: 'Split', width: '96px', cell: ({ image }) => splitNames[image.split] },
  { key: 'x', title: 'x', width: '88px', numeric: true, cell: ({ x }) => place.format(x).replace('-', '\u2212') },
  { key: 'y', title: 'y', width: '88px', numeric: true, cell: ({ y }) => place.format(y).replace('-', '\u2212') },
];

/** The points of the map as rows. */
export function MapTable({ images, layout }: { readonly images: readonly ReadImage[]; readonly layout: MapLayout }) {
  const { saveMapPoints } = useActions();
  const rows = useMemo(
    () =>
      images.map((image, i) => ({
        image,
        x: layout.coordinates[2 * i] ?? 0,
        y: layout.coordinates[2 * i + 1] ?? 0,
      })),
    [images, layout],
  );
  return (
    <div className={styles.table}>
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
          onClick={() => saveMapPoints()}
        >
          Download as CSV
        </Button>
      </div>
      <VirtualTable
        label="Points of the map"
        columns={columns}
        rows={rows}
        keyOf={({ image }) => image.path}
        minWidth={640}
        stacks
      />
    </div>
  );
}
