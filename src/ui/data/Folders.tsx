import { NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import type { Actions } from '../../app/actions.ts';
import type { Role, RoleFolder } from '../../types.ts';
import { PathName } from '../components/Name.tsx';
import styles from '../components/screen.module.css';
import { type Column, VirtualTable } from '../components/VirtualTable.tsx';
import { formatCount } from '../format.ts';
import { useActions } from '../workspace.tsx';

const roles: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'training', label: 'Training' },
  { value: 'query', label: 'Query' },
  { value: 'gallery', label: 'Gallery' },
  { value: 'ignore', label: 'Not used' },
];

function nameOf(folder: RoleFolder): string {
  return folder.path === '' ? 'Files outside folders' : `${folder.path}/`;
}

const columnsOf = (assignRole: Actions['assignRole']): readonly Column<RoleFolder>[] => [
  { key: 'folder', title: 'Folder', cell: (folder) => <PathName path={nameOf(folder)} /> },
  { key: 'images', title: 'Images', width: '72px', numeric: true, cell: (folder) => formatCount(folder.images) },
  {
    key: 'role',
    title: 'Role',
    width: '128px',
    cell: (folder) => (
      <NativeSelect
        size="xs"
        aria-label={`Role of ${nameOf(folder)}`}
        data={roles.map(({ value, label }) => ({ value, label }))}
        value={folder.role}
        onChange={(event) => {
          const role = roles.find(({ value }) => value === event.currentTarget.value)?.value;
          if (role !== undefined) void assignRole(folder.path, role);
        }}
      />
    ),
  },
];

/** The folders and what the user makes of them. */
export function Folders({ folders }: { readonly folders: readonly RoleFolder[] }) {
  const { assignRole } = useActions();
  const columns = useMemo(() => columnsOf(assignRole), [assignRole]);
  return (
    <section className={styles.panel} aria-labelledby="folders-heading">
      <div className={styles.head}>
        <h2 id="folders-heading">Folders</h2>
      </div>
      <VirtualTable
        label="Folders and their roles"
        columns={columns}
        rows={folders}
        keyOf={(folder) => folder.path}
        rowHeight={47}
        maxHeight={300}
      />
    </section>
  );
}
