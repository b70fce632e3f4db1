import type { LabelsOfFile, LinkedFiles } from '../data/read-labels.ts';
import { controlled } from '../workers/connect.ts';
import type { Context, Step } from './context.ts';
import { createMeter } from './meter.ts';
import { repeatedOnce } from './worker-faults.ts';

/**
 * Labels from a file, as far as they may be of the files at `paths`. A worker reads them: a table of a million lines takes
 * seconds. Reports bytes. Throws AppError 'ground-truth-refused', 'files-gone', 'aborted'.
 */
export function readLabels(
  { workers }: Pick<Context, 'workers'>,
  file: Blob,
  name: string,
  paths: readonly string[],
  { signal, report }: Pick<Step, 'signal' | 'report'>,
  linked: LinkedFiles | null = null,
): Promise<LabelsOfFile> {
  return repeatedOnce(signal, () => {
    const meter = createMeter(file.size);
    return controlled<number, LabelsOfFile>(
      signal,
      (share) => report(meter.reach(Math.round(share * file.size))),
      (control) => workers.images.run((api) => api.labels(file, name, paths, linked, control)),
    );
  });
}
