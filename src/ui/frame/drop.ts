/** What a drop does: said before it from what the browser tells during a drag, decided at the drop from the names. */

import type { Screen } from '../../app/jobs/jobs.ts';
import { formatCount } from '../format.ts';

export interface Dropped {
  readonly name: string;
  /** MIME type; empty where the browser knows none. */
  readonly type: string;
  readonly isDirectory: boolean;
}

export type DropPlan = 'dataset' | 'import' | 'query' | 'weights' | 'vectors' | 'head' | 'ground-truth';

/** A checkpoint of PyTorch is a zip by its content, and may be called one. */
const isZip = (item: Dropped): boolean =>
  /\.zip$/i.test(item.name) || (/^application\/(x-)?zip/.test(item.type) && !isForeign(item));
/** As exportDataset names them, also with the number that browsers give to a second download. */
const isDatasetFile = ({ name }: { readonly name: string }): boolean => /\.likeness ?(\(\d+\))?\.zip$/i.test(name);
const isSafetensors = ({ name }: Dropped): boolean => /\.safetensors$/i.test(name);
/** What else weights are kept in: the models screen says what such a file is, and how it becomes one that can be read. */
const isForeign = ({ name }: Dropped): boolean =>
  /\.(pt|pth|pth\.tar|ckpt|bin|pkl|onnx|h5|hdf5|keras|gguf|tflite|msgpack|npz|pb|safetensors\.(gz|index\.json))$/i.test(
    name,
  );
const isWeights = (item: Dropped): boolean => isSafetensors(item) || isForeign(item);
/** Of the user's own, with or without the names of their images beside them. */
const isVectors = ({ name }: Dropped): boolean => /\.(npy|parquet)$/i.test(name);
const isLabels = ({ name }: Dropped): boolean => /\.(json|jsonl|ndjson|csv|tsv|txt|lst|list)$/i.test(name);

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

/** `types` are the MIME types of the dragged files; empty ones are folders or unknown files, none at all is a browser that does not tell. */
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
