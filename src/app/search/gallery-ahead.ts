import * as v from 'valibot';
import { galleryKey, openForQueries } from '../../core/gallery.ts';
import { modelId, type Run } from '../../core/run.ts';
import { storedRows } from '../../core/run-blocks.ts';
import { INDEX_KINDS, type IndexChoice } from '../../search/backends.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { context, database } from '../context.ts';

const KEY = 'opened-gallery';
const opened = v.object({
  key: v.string(),
  datasetId: v.string(),
  modelId: v.string(),
  digest: v.string(),
  rows: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** What is to search it, which tells the form that it is held in. */
  indexChoice: v.optional(v.picklist<readonly IndexChoice[]>(['auto', ...INDEX_KINDS]), 'auto'),
});

/** The gallery that answers now, for the next start. */
export async function rememberGallery(run: Run, indexChoice: IndexChoice): Promise<void> {
  const { hashes, digest } = await context.digests.order(run, 'gallery');
  const named = { key: await galleryKey(context, run), datasetId: run.datasetId, modelId: await modelId(run) };
  await putSetting(database, KEY, { ...named, digest, rows: hashes.length, indexChoice });
}

/**
 * Hands the gallery that answered last to the search while the list of its images is being read: both take seconds with
 * 100,000 images. Its name tells its contents, so that opening another one never gets this. Never rejects: without
 * it, opening takes longer.
 */
export async function openGalleryAhead(): Promise<void> {
  try {
    const last = await getSetting(database, KEY, opened);
    if (!last) return;
    const { key, digest, rows, indexChoice } = last;
    const stored = storedRows(context, { ...last, split: 'gallery' }, digest, rows);
    await openForQueries(context, key, stored, null, indexChoice);
  } catch {
    // It was deleted, or is another one by now.
  }
}
