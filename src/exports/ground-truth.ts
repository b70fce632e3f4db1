import type { ImageRecord } from '../types.ts';
import { csvRow } from './csv.ts';

/**
 * The classes of images as a table with the columns `split,file,class` (RFC 4180), which can be added to the same folder as
 * its ground truth; an image without a class has no line.
 */
export function groundTruthCsv(images: readonly Pick<ImageRecord, 'split' | 'file' | 'className'>[]): string {
  const rows = images.flatMap(({ split, file, className }) => (className === null ? [] : [[split, file, className]]));
  return [['split', 'file', 'class'], ...rows].map(csvRow).join('');
}
