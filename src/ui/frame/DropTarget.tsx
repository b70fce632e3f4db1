import { IconDragDrop } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Actions } from '../../app/actions.ts';
import type { Screen } from '../../app/jobs/jobs.ts';
import { showFirst } from '../components/open-data.ts';
import { formatCount } from '../format.ts';
import { navigate } from '../location.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './frame.module.css';

export interface Dropped {
  readonly name: string;
  /** MIME type; empty where the browser knows none. */
  readonly type: string;
  readonly isDirectory: boolean;
}

type DropPlan = 'dataset' | 'import' | 'query' | 'weights' | 'vectors' | 'head' | 'ground-truth';

/** A checkpoint of PyTorch is a zip by its content, and may be called one. */
const isZip = (item: Dropped): boolean =>
  /\.zip$/i.test(item.name) || (/^application\/(x-)?zip/.test(item.type) && !isForeign(item));
/** As exportDataset names them, also with the number that browsers give to a second download. */
const isDatasetFile = ({ name }: { readonly name: string }): boolean => /\.likeness ?(\(\d+\))?\.zip$/i.test(name);
const isSafetensors = ({ name }: Dropped): boolean => /\.safetensors$/i.test(name);
/** What else weights are kept in: the models screen says what such a file is, and how it becomes one that can be read. */
const isForeign = ({ name }: Dropped): boolean =>
  /\.(pt|pth|pth\.tar|ckpt|bin|pkl|onnx|h5|hdf5|keras|gguf|tflite|msgpack|npz|pb|engine|plan|trt|mlmodel|torchscript|ckpt\.(index|meta|data-\d+-of-\d+)|safetensors\.(gz|index\.json))$/i.test(
    name,
  );
const isWeights = (item: Dropped): boolean => isSafetensors(item) || isForeign(item);
/** The user's own vectors, with or without the names of their images beside them. */
const isVectors = ({ name }: Dropped): boolean => /\.(npy|parquet)$/i.test(name);
const isLabels = ({ name }: Dropped): boolean => /\.(json|jsonl|ndjson|csv|tsv|txt|lst|list)$/i.test(name);

/** What a drop does, by the names of what is dropped. */
export function planDrop(dropped: readonly Dropped[], screen: Screen, hasDataset: boolean): DropPlan {
  if (dropped.length === 1 && dropped.every((item) => !item.isDirectory && isDatasetFile(item))) return 'import';
  if (dropped.some((item) => item.isDirectory || isZip(item))) return 'dataset';
  if (hasDataset && screen === 'comparison' && dropped.length === 1 && dropped.every(isSafetensors)) return 'head';
  if (dropped.some(isVectors)) return 'vectors';
  if (dropped.some(isWeights)) return 'weights';
  if (hasDataset && dropped.length === 1 && dropped.every(isLabels)) return 'ground-truth';
  if (hasDataset && screen === 'search' && dropped.length === 1) return 'query';
  return 'dataset';
}

/**
 * What is said during the drag: the browser tells only the MIME types of the files. Empty ones are folders or unknown files,
 * none at all is a browser that does not tell.
 */
export function dropSentence(types: readonly string[], screen: Screen, hasDataset: boolean): string {
  const known = types.length > 0;
  if (known && types.every((type) => type.startsWith('image/'))) {
    if (types.length > 1) return `Drop to open these ${formatCount(types.length)} images as a data set`;
    return hasDataset && screen === 'search'
      ? 'Drop the image to search with it'
      : 'Drop to open this image as a data set';
  }
  if (types.some((type) => /^application\/(x-)?zip/.test(type))) return 'Drop the zip to open it as a data set';
  if (hasDataset && types.length === 1 && (types[0] === 'application/json' || types[0] === 'text/csv')) {
    return 'Drop the file to use it as ground truth';
  }
  if (screen === 'models' && hasDataset) {
    return 'Drop a .safetensors file to use its weights, .npy or .parquet to use your own vectors, or a folder to open it as a data set';
  }
  if (screen === 'models') return 'Drop a .safetensors file to use its weights, or a folder to open it as a data set';
  if (screen === 'comparison' && hasDataset) {
    return 'Drop a saved head to compare it, or a folder to open it as a data set';
  }
  if (screen === 'search' && hasDataset) return 'Drop an image to search with it, or a folder to open it as a data set';
  return 'Drop a folder to open it as a data set';
}

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
    <div className={styles.dropOverlay} role="status">
      <div className={styles.dropSentence}>
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
