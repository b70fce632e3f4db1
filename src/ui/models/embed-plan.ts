import type { DatasetState } from '../../app/dataset/dataset.ts';
import { leftToEmbed, type ModelRow, type ModelsState } from '../../app/models/models.ts';
import { FOLDER_AGAIN } from '../../errors.ts';
import { formatAll, formatAmount, formatBytes, formatDuration } from '../format.ts';
import { limitsOf } from './weights-words.ts';

export interface EmbedPlan {
  /** The button's words: what a press does. */
  readonly label: string;
  /** What comes with it, or why the button does nothing; null where there is nothing to add. */
  readonly note: string | null;
  readonly possible: boolean;
}

/** Why a job that was asked for has not started yet. */
export const WAITS_FOR_IMAGES = 'Starts as soon as the images are read.';

/** What *Embed* will do now, for a data set of that size. */
export function embedPlan(
  { rows, counted }: Pick<ModelsState, 'rows' | 'counted'>,
  images: number,
  files: DatasetState['files'] = 'here',
): EmbedPlan {
  const impossible = (note: string): EmbedPlan => ({ label: 'Embed', note, possible: false });
  if (rows.some((row) => row.embedding)) return impossible('Embedding now. Results appear as they come.');
  if (images === 0) return impossible('Open a data set first.');
  const ticked = rows.filter((row) => row.ticked);
  if (ticked.length === 0) return impossible('Tick at least one model.');
  if (!counted) return impossible('Counting what is embedded…');
  const waiting = ticked.filter((row) => leftToEmbed(row, images) > 0);
  const [first] = waiting;
  if (first === undefined) {
    return impossible(`${formatAll(images, 'image is', 'images are')} embedded with the ticked models.`);
  }
  const models = formatAmount(waiting.length, 'model');
  const left = images - first.embedded;
  const alike = waiting.every((row) => row.embedded === first.embedded);
  const label = !alike
    ? `Continue embedding with ${models}`
    : first.embedded === 0
      ? `Embed ${formatAmount(left, 'image')} with ${models}`
      : `Embed the remaining ${formatAmount(left, 'image')} with ${models}`;
  if (files === 'gone') {
    const note = `The browser cannot read the images’ files now: ${FOLDER_AGAIN} to go on.`;
    return { label, note, possible: false };
  }
  const note = [downloadNote(waiting), timeNote(waiting, images)].filter((part) => part !== null).join(' ');
  return { label, note, possible: true };
}

/** What has to be downloaded before these can embed, and what its licence forbids; null where nothing has. */
export function downloadNote(rows: readonly ModelRow[]): string | null {
  const missing = rows.filter((row) => row.cached === null && needsDownload(row));
  if (missing.length === 0) return null;
  const limits = missing.flatMap(({ weights }) => {
    const limit = limitsOf(weights);
    return limit === null ? [] : [`${weights.label}: ${limit}.`];
  });
  return [sizeNote(missing), ...limits].join(' ');
}

const needsDownload = ({ weights }: ModelRow): boolean => weights.origin !== 'built-in' && weights.origin !== 'own';

/** How long it takes on this machine, as far as that was measured before: "Takes about 3.2 min." */
function timeNote(waiting: readonly ModelRow[], images: number): string {
  const measured = waiting.flatMap(({ imagesPerSecond, embedded }) =>
    imagesPerSecond === null ? [] : [(images - embedded) / imagesPerSecond],
  );
  const unknown = waiting.filter(({ imagesPerSecond }) => imagesPerSecond === null);
  const time = `about ${formatDuration(1000 * measured.reduce((sum, seconds) => sum + seconds, 0))}`;
  if (unknown.length === 0) return `Takes ${time} on this machine.`;
  const named = unknown.map(({ weights }) => weights.label).join(' and ');
  const names = unknown.length > 2 ? formatAmount(unknown.length, 'model') : named;
  // A start is too short to tell how long an image takes.
  const known = unknown.some(({ embedded }) => embedded > 0) ? 'once more images are done' : 'after the first images';
  const when = `how long ${names} ${unknown.length === 1 ? 'takes' : 'take'} is known ${known}.`;
  return measured.length === 0 ? when.replace('how', 'How') : `Takes ${time} on this machine; ${when}`;
}

function sizeNote(missing: readonly ModelRow[]): string {
  if (missing.some((row) => row.weights.bytes === null)) return 'Downloads weights first.';
  const bytes = missing.reduce((sum, row) => sum + (row.weights.bytes ?? 0) - row.partialBytes, 0);
  return `Downloads ${formatBytes(bytes)} of weights first.`;
}
