import * as v from 'valibot';
import { galleryKey } from '../../core/evaluate-run.ts';
import { openForQueries } from '../../core/gallery.ts';
import { modelId, type Run } from '../../core/run.ts';
import { storedRows } from '../../core/run-blocks.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { context, database } from '../context.ts';

const KEY = 'opened-gallery';
const opened = v.object({
  key: v.string(),
  datasetId: v.string(),
  modelId: v.string(),
  digest: v.string(),
  rows: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

/** The gallery that answers now, for the next start. */
export async function rememberGallery(run: Run): Promise<void> {
  const { hashes, digest } = await context.digests.order(run, 'gallery');
  const named = { key: await galleryKey(context, run), datasetId: run.datasetId, modelId: await modelId(run) };
  await putSetting(database, KEY, { ...named, digest, rows: hashes.length });
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
    const { key, digest, rows } = last;
    await openForQueries(context, key, storedRows(context, { ...last, split: 'gallery' }, digest, rows));
  } catch {
    // It was deleted, or is another one by now.
  }
}
