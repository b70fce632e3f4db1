import { fileNames } from '../../core/run-name.ts';
import { keepHead, openedHead, savedHead } from '../../core/saved-heads.ts';
import { AppError, aborted, quoted } from '../../errors.ts';
import type { ImageRecord } from '../../types.ts';
import { context } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import { embedWith } from '../models/embed.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { evaluate, runOf } from './runs.ts';

/** Saves the head of a fine-tuned run of one member as a .safetensors file. */
export async function saveHead(workspace: Workspace, runId: string): Promise<void> {
  try {
    const row = workspace.comparison.getState().runs.find(({ id }) => id === runId);
    const run = row && (await runOf(row.choice, workspace.dataset.getState().images));
    if (!run) throw new AppError('bad-argument', 'This run is not there any more. Run the comparison again.');
    const file = await savedHead(context, run);
    saveFile(file, `${fileNames(workspace.comparison.getState().runs).get(runId) ?? runId}.head.safetensors`);
  } catch (error) {
    jobs.fail('comparison', error);
  }
}

/** A head that was saved here or in another browser becomes a run of the open data set. */
export async function loadHead(workspace: Workspace, file: File): Promise<void> {
  await jobs.run({ screen: 'comparison', stage: `Loading ${file.name}`, unit: 'images' }, async (job) => {
    const opened = await openedHead(context, file, job.signal);
    if (job.signal.aborted) throw aborted();
    const { images } = workspace.dataset.getState();
    await embedWith(workspace, opened.weights, images, job);
    const run = await runOf(opened.choice, images);
    if (!run) throw new AppError('dataset-unusable', 'Open a data set first, then load the head.');
    await keepHead(context, run.datasetId, opened);
    await evaluate(opened.choice, images, job.signal);
    const strange = strangeClasses(opened.saved.classes, images);
    if (strange && !workspace.closed.aborted) {
      jobs.warn(new AppError('dataset-unusable', `${file.name}: ${strange}`), { about: run.datasetId });
    }
  });
}

/** How many classes a sentence names. */
const NAMED = 3;

/** What is to be said of a head that was trained on classes of which the data set has none; null where it has one, or has no classes. */
export function strangeClasses(
  classes: readonly string[],
  images: readonly Pick<ImageRecord, 'className'>[],
): string | null {
  const own = new Set(images.flatMap(({ className }) => className ?? []));
  if (own.size === 0 || classes.some((name) => own.has(name))) return null;
  const named = classes.slice(0, NAMED).map(quoted).join(', ') + (classes.length > NAMED ? ', …' : '');
  return `none of the classes that this head was trained on (${named}) is in this data set. It is still measured, by features that were trained to tell others apart.`;
}
