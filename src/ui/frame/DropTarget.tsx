import { IconDragDrop } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Actions } from '../../app/actions.ts';
import type { Screen } from '../../app/jobs/jobs.ts';
import { showFirst } from '../components/open-data.ts';
import { navigate } from '../location.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './DropTarget.module.css';
import { type Dropped, dropSentence, planDrop } from './drop.ts';

/** The whole window, on every screen: says what a drop will do, then does it. */
export function DropTarget({ screen }: { readonly screen: Screen }) {
  const hasDataset = useStore(useWorkspace().dataset, (state) => state.dataset !== null);
  const actions = useActions();
  const [types, setTypes] = useState<readonly string[] | null>(null);

  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer === null || !event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      const dragged = fileItems(event.dataTransfer).map((item) => item.type);
      setTypes((shown) => (shown !== null && shown.join() === dragged.join() ? shown : dragged));
    };
    const leave = (event: DragEvent): void => {
      // Null: the pointer left the window, not one element for another.
      if (event.relatedTarget === null) setTypes(null);
    };
    const drop = (event: DragEvent): void => {
      setTypes(null);
      if (event.dataTransfer === null || !event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      receive(event.dataTransfer, screen, hasDataset, actions);
    };
    addEventListener('dragenter', over);
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', over);
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [screen, hasDataset, actions]);

  if (types === null) return null;
  return (
    <div className={styles.overlay} role="status">
      <div className={styles.sentence}>
        <IconDragDrop size={28} aria-hidden="true" />
        {dropSentence(types, screen, hasDataset)}
      </div>
    </div>
  );
}

function fileItems(transfer: DataTransfer): DataTransferItem[] {
  return [...transfer.items].filter((item) => item.kind === 'file');
}

/** Everything is read from the transfer within the event: afterwards it is empty. */
function receive(transfer: DataTransfer, screen: Screen, hasDataset: boolean, actions: Actions): void {
  const dropped = fileItems(transfer).map((item): Dropped & { readonly file: File | null } => {
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    const name = entry?.name ?? file?.name ?? '';
    return { name, type: item.type, isDirectory: entry?.isDirectory ?? false, file };
  });
  if (dropped.length === 0) return;
  const files = dropped.flatMap(({ file }) => (file === null ? [] : [file]));
  const [first] = files;

  switch (planDrop(dropped, screen, hasDataset)) {
    case 'dataset':
      void showFirst(actions, actions.addDropped(transfer.items));
      navigate('/data');
      break;
    case 'import':
      if (first !== undefined) void actions.importDataset(first);
      navigate('/data');
      break;
    case 'weights':
      void actions.importWeights(files);
      navigate('/models');
      break;
    case 'vectors':
      void actions.importVectors(files);
      navigate('/models');
      break;
    case 'ground-truth':
      if (first !== undefined) void actions.addGroundTruth(first);
      navigate('/data');
      break;
    case 'head':
      if (first !== undefined) void actions.loadHead(first);
      break;
    case 'query':
      if (first !== undefined) void actions.searchFile(first);
      break;
  }
}
