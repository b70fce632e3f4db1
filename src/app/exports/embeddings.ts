import { createMeter } from '../../core/meter.ts';
import { type ReadImage, type Run, splitImages } from '../../core/run.ts';
import { runBlocks } from '../../core/run-blocks.ts';
import { runEmbeddings } from '../../core/run-embeddings.ts';
import { AppError, aborted } from '../../errors.ts';
import { npyBlob } from '../../exports/npy.ts';
import {
  metadataTsv,
  projectorConfig,
  projectorReadme,
  type SpriteLayout,
  spriteLayout,
  vectorsTsv,
} from '../../exports/projector.ts';
import { type Archive, createArchive } from '../../exports/zip.ts';
import { getThumbnail } from '../../storage/pictures.ts';
import type { Split } from '../../types.ts';
import { context, database } from '../context.ts';
import { type JobContext, jobs } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { fileName, openDataset, runsOf } from './facts.ts';
import { textBlob } from './pieces.ts';
import { storedRun } from './run.ts';

/** In the order of the files. */
const SPLITS = ['training', 'query', 'gallery'] as const;

/** Saves a run's embeddings: for each split a .npy file and its file names in row order. */
export async function exportEmbeddings(workspace: Workspace, runId: string, wanted: readonly Split[]): Promise<void> {
  await withRun(workspace, runId, wanted, async (run, name, splits, archive, { report, stage }) => {
    stage('Writing embeddings', 'files');
    const meter = createMeter(splits.length);
    for (const [split, images] of splits) {
      const { matrix, dimensions } = await runEmbeddings(context, run, split);
      await archive.add(`${name}.${split}.json`, `${JSON.stringify(images.map(({ file }) => file))}\n`);
      await archive.add(`${name}.${split}.npy`, npyBlob(matrix, [images.length, dimensions]), { stored: true });
      report(meter.advance(1));
    }
    return 'embeddings';
  });
}

/** Saves a run's embeddings as one Parquet file, with path, split, class and hash of their images. */
export async function exportParquet(workspace: Workspace, runId: string, wanted: readonly Split[]): Promise<void> {
  await jobs.run({ screen: 'dashboard', stage: 'Writing embeddings', unit: 'images' }, async ({ signal, report }) => {
    const { dataset } = openDataset(workspace);
    const { row, run, splits } = await openRun(workspace, runId, wanted);
    const { parquetPieces } = await import('../../exports/parquet.ts');
    const meter = createMeter(splits.reduce((sum, [, images]) => sum + images.length, 0));
    const blocks = async function* () {
      for (const [split, images] of splits) {
        let from = 0;
        for await (const { matrix, dimensions } of runBlocks(context, run, split).blocks()) {
          if (signal.aborted) throw aborted();
          const rows = images.slice(from, from + matrix.length / dimensions);
          from += rows.length;
          yield {
            rows: rows.map(({ path, className, hash }) => ({ path, split, class: className, hash })),
            embeddings: matrix,
          };
          report(meter.advance(rows.length));
        }
      }
    };
    const parts: Blob[] = [];
    const about = { model: row.name, run: row.id, dataset: dataset.name };
    // A blob a piece: the browser may keep them outside the page's memory.
    for await (const piece of parquetPieces(blocks(), about)) parts.push(new Blob([piece]));
    const type = 'application/vnd.apache.parquet';
    saveFile(new Blob(parts, { type }), `${dataset.name} ${fileName(workspace, row)} embeddings.parquet`);
  });
}

/** Saves a run's embeddings for the TensorFlow Embedding Projector: vectors, metadata and, where wanted, a sprite. */
export async function exportProjector(
  workspace: Workspace,
  runId: string,
  wanted: readonly Split[],
  thumbnails: boolean,
): Promise<void> {
  await withRun(workspace, runId, wanted, async (run, name, splits, archive, { signal, report, stage }) => {
    const images = splits.flatMap(([, some]) => some);
    const layout = thumbnails ? spriteLayout(images.length) : null;
    stage('Writing vectors', 'files');
    const parts: Blob[] = [];
    const written = createMeter(splits.length);
    for (const [split] of splits) {
      const { matrix, dimensions } = await runEmbeddings(context, run, split);
      parts.push(await textBlob(vectorsTsv(matrix, dimensions), 'text/plain', signal));
      report(written.advance(1));
    }
    await archive.add('vectors.tsv', new Blob(parts));
    await archive.add('metadata.tsv', await textBlob(metadataTsv(images), 'text/plain', signal));
    let missing = 0;
    if (layout) {
      stage('Drawing thumbnails', 'images');
      const meter = createMeter(images.length);
      const hashes = images.map(({ hash }) => hash);
      const sprite = await drawSprite(hashes, layout, signal, (drawn) => report(meter.advance(drawn)));
      missing = sprite.missing;
      await archive.add('sprite.png', sprite.png, { stored: true });
    }
    await archive.add('projector_config.pbtxt', projectorConfig(name, layout));
    await archive.add('README.txt', projectorReadme(images.length, missing, layout));
    return 'projector';
  });
}

/** Opens the run and an archive, and saves the archive under the name that `write` ends with. */
async function withRun(
  workspace: Workspace,
  runId: string,
  wanted: readonly Split[],
  write: (
    run: Run,
    name: string,
    splits: readonly (readonly [Split, readonly ReadImage[]])[],
    archive: Archive,
    job: JobContext,
  ) => Promise<string>,
): Promise<void> {
  await jobs.run({ screen: 'dashboard', stage: 'Writing embeddings', unit: 'files' }, async (job) => {
    const { dataset } = openDataset(workspace);
    const { row, run, splits } = await openRun(workspace, runId, wanted);
    const name = fileName(workspace, row);
    const archive = await createArchive(new Date(), job.signal);
    const ending = await write(run, name, splits, archive, job);
    saveFile(await archive.finish(), `${dataset.name} ${name} ${ending}.zip`);
  });
}

/** The run, and the images of those of the splits that have some. */
async function openRun(workspace: Workspace, runId: string, wanted: readonly Split[]) {
  const [row] = runsOf(workspace, [runId]);
  const run = row && (await storedRun(workspace, row));
  const splits = SPLITS.filter((split) => wanted.includes(split)).flatMap((split) => {
    const images = run ? splitImages(run.images, split) : [];
    return images.length > 0 ? [[split, images] as const] : [];
  });
  if (!row || !run || splits.length === 0) {
    throw new AppError('dataset-unusable', 'There are no embeddings of these splits. Choose others, then export.');
  }
  return { row, run, splits };
}

/** Thumbnails read and decoded side by side. */
const AT_ONCE = 16;
const GREY = '#8a8d94';

/** The sprite as PNG: whole thumbnails in the middle of their squares, on grey where there is none. `missing` counts those. */
async function drawSprite(
  hashes: readonly string[],
  { tile, columns, width, height }: SpriteLayout,
  signal: AbortSignal,
  onDrawn: (images: number) => void,
): Promise<{ png: Blob; missing: number }> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context)
    throw new AppError('internal', 'This browser draws no pictures of that size. Export without thumbnails.');
  context.fillStyle = GREY;
  context.fillRect(0, 0, width, height);
  let missing = 0;
  for (let start = 0; start < hashes.length; start += AT_ONCE) {
    if (signal.aborted) throw aborted();
    const bitmaps = await Promise.all(hashes.slice(start, start + AT_ONCE).map((hash) => pictureOf(hash, tile)));
    bitmaps.forEach((bitmap, i) => {
      if (!bitmap) {
        missing++;
        return;
      }
      const [column, row] = [(start + i) % columns, Math.floor((start + i) / columns)];
      const x = column * tile + Math.floor((tile - bitmap.width) / 2);
      context.drawImage(bitmap, x, row * tile + Math.floor((tile - bitmap.height) / 2));
      bitmap.close();
    });
    onDrawn(bitmaps.length);
  }
  return { png: await canvas.convertToBlob({ type: 'image/png' }), missing };
}

/** Decoded at the size of its square, its longer side filling it. */
async function pictureOf(hash: string, tile: number): Promise<ImageBitmap | null> {
  const thumbnail = await getThumbnail(database, hash);
  if (!thumbnail) return null;
  const factor = tile / Math.max(thumbnail.width, thumbnail.height);
  const side = (length: number) => Math.max(1, Math.round(length * factor));
  return createImageBitmap(thumbnail.blob, {
    resizeWidth: side(thumbnail.width),
    resizeHeight: side(thumbnail.height),
    resizeQuality: 'medium',
  }).catch(() => null);
}
