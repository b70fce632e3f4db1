import { AppError } from '../../errors.ts';
import { type LabelFormat, labelsJson } from '../../exports/labels.ts';
import type { Split } from '../../types.ts';
import { jobs } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { openDataset } from './facts.ts';

/** Saves the classes of these splits' images, as the other program reads them; paths begin below the folder that all images lie in. */
export async function exportLabels(workspace: Workspace, format: LabelFormat, wanted: readonly Split[]): Promise<void> {
  try {
    const { dataset, images } = openDataset(workspace);
    const root = commonFolder(images.map(({ path }) => path));
    const some = images
      .filter(({ split }) => wanted.includes(split))
      .map(({ path, className, width, height }) => ({ path: path.slice(root), className, width, height }));
    if (some.length === 0) {
      throw new AppError('dataset-unusable', 'There are no images of these splits. Choose others, then export.');
    }
    saveFile(new Blob([labelsJson(some, format)], { type: 'application/json' }), `${dataset.name} ${format}.json`);
  } catch (error) {
    jobs.fail('dashboard', error);
  }
}

/** How many characters of all paths are the folder that they share, with its slash; 0 where they share none. */
function commonFolder(paths: readonly string[]): number {
  const end = (paths[0] ?? '').indexOf('/') + 1;
  const folder = (paths[0] ?? '').slice(0, end);
  return paths.every((path) => path.startsWith(folder)) ? end : 0;
}
