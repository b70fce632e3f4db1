import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { PartFileRequest, PartModel } from '../../src/app/automation/automation-types.ts';
import { AppError } from '../../src/errors.ts';
import { parseModel } from '../../src/heads/member.ts';
import type { Variant } from '../../src/models/specs/variants.ts';
import type { BackboneName, ImageRecord } from '../../src/types.ts';
import { builtApp } from '../built-app.ts';
import {
  imagesDigest,
  isWritten,
  type Manifest,
  openShard,
  partsOf,
  type Row,
  type ShardFolder,
  shardOf,
  shardPath,
  writePart,
} from '../gallery/feature-folder.ts';
import { sendFile } from '../server/send-file.ts';
import { type Route, readOnly, startServer } from '../server/static-server.ts';
import type { Arguments, Shard } from './arguments.ts';
import { browserFor } from './browser.ts';
import { folderImages } from './folder-images.ts';
import { automatedUrl, type LikenessPage, likenessPage } from './likeness-page.ts';
import type { Progress } from './progress.ts';

/** What is fetched from the page at a time. */
const BYTES_AT_A_TIME = 4_000_000;

/**
 * Embeds the images that fall to one of several shards, in parts that are written one after the other: whatever ends it,
 * running it again goes on behind the last whole part. The browser gets one file after the other, and keeps none.
 * Resolves to a line for each architecture.
 */
export async function embedShard(
  args: Arguments,
  { shard, of, partRows, half, featuresDir }: Shard,
  progress: Progress,
  signal: AbortSignal,
): Promise<string[]> {
  progress.say(`Listing ${args.dataDir}`);
  const all = await folderImages(args.dataDir, args, signal);
  const images = all.filter(({ path }) => shardOf(path, of) === shard);
  progress.say(`${images.length} of ${all.length} images fall to shard ${shard} of ${of}`);
  const dataset = { images: all.length, digest: imagesDigest(all) };
  const distDir = await builtApp(join(import.meta.dirname, '../..'), progress.say);
  signal.throwIfAborted();
  // Nobody else on this machine can guess where the images are served.
  const secret = randomBytes(16).toString('hex');
  const server = await startServer({
    distDir,
    modelsDir: args.modelsDir,
    port: 0,
    host: '127.0.0.1',
    routes: { [secret]: readOnly(filesOf(args.dataDir, images)) },
  });
  try {
    const browser = await browserFor(args.backend, automatedUrl(server.url), progress.say);
    // Closing the browser makes whatever waits for it fail at once.
    const closeEarly = () => void browser.close();
    signal.addEventListener('abort', closeEarly);
    try {
      signal.throwIfAborted();
      browser.page.on('pageerror', (error) => progress.say(`The page reports an error: ${error.message}`));
      const page = await likenessPage(browser.page);
      await page.setEngine(args.backend);
      const backbones = args.models.flatMap((model) => parseModel(model, 'frozen').map(({ backbone }) => backbone));
      const variant = { size: args.size, flip: args.flip };
      const lines: string[] = [];
      for (const backbone of new Set(backbones)) {
        const model = await progress.during(page.partModel(backbone, variant), page.status);
        const manifest: Manifest = { version: 1, model, half, shard, of, images: images.length, partRows, dataset };
        const folder = await openShard(shardPath(featuresDir, backbone, shard, of), manifest);
        lines.push(await embedParts(folder, { images, backbone, variant, secret }, page, progress, signal));
      }
      return lines;
    } finally {
      signal.removeEventListener('abort', closeEarly);
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

/** Files by their number in the list, and no others. */
function filesOf(dataDir: string, images: readonly ImageRecord[]): Route {
  return async (request, response, [number = '', ...rest]) => {
    const image = rest.length === 0 && /^\d+$/.test(number) ? images[Number(number)] : undefined;
    return image ? sendFile(request, response, join(dataDir, image.path), 'no-store') : null;
  };
}

interface ShardWork {
  readonly images: readonly ImageRecord[];
  readonly backbone: BackboneName;
  readonly variant: Variant;
  readonly secret: string;
}

async function embedParts(
  folder: ShardFolder,
  { images, backbone, variant, secret }: ShardWork,
  page: LikenessPage,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const { partRows, model } = folder.manifest;
  const parts = partsOf(folder.manifest);
  const done = { skipped: 0, rows: 0, failed: 0 };
  for (let part = 0; part < parts; part++) {
    signal.throwIfAborted();
    const from = part * partRows;
    const some = images.slice(from, from + partRows);
    const digest = imagesDigest(some);
    if (await isWritten(folder, part, digest)) {
      done.skipped++;
      continue;
    }
    progress.say(`${backbone}: part ${part + 1} of ${parts}, ${some.length} images`);
    const files: PartFileRequest[] = some.map(({ path }, i) => ({ path, address: `${secret}/${from + i}` }));
    const shape = await progress.during(page.embedFiles(backbone, variant, files), page.status);
    const byPath = new Map(some.map((image) => [image.path, image]));
    const rows = shape.rows.map(({ path, hash, thumbnailBytes }): Row => {
      const image = byPath.get(path);
      if (!image) throw new AppError('internal', `${path} was embedded, and nobody asked for it.`);
      return { path, hash, class: image.className, split: image.split, thumbnail: thumbnailBytes };
    });
    await writePart(folder, {
      part: { version: 1, part, rows: rows.length, images: digest, failures: [...shape.failures] },
      rows,
      features: featuresOf(page, model, rows.length),
      thumbnails: thumbnailsOf(page, rows),
    });
    for (const { path, reason } of shape.failures) progress.say(`${path}: ${reason}`);
    done.rows += rows.length;
    done.failed += shape.failures.length;
  }
  const before = done.skipped > 0 ? `; ${done.skipped} of ${parts} parts were there before` : '';
  return `${folder.path}: ${done.rows} images embedded, ${done.failed} cannot be${before}`;
}

async function* featuresOf(page: LikenessPage, { dimensions }: PartModel, rows: number) {
  const bytesARow = dimensions * Float32Array.BYTES_PER_ELEMENT;
  const atATime = Math.max(1, Math.floor(BYTES_AT_A_TIME / bytesARow));
  for (let start = 0; start < rows; start += atATime) {
    const count = Math.min(atATime, rows - start);
    const bytes = Buffer.from(await page.partRows(start, count), 'base64');
    if (bytes.length !== count * bytesARow) {
      throw new AppError('internal', `${bytes.length} bytes came for ${count} rows of ${bytesARow}.`);
    }
    // Small buffers lie anywhere in a larger one.
    yield new Float32Array(Uint8Array.from(bytes).buffer);
  }
}

async function* thumbnailsOf(page: LikenessPage, rows: readonly Row[]) {
  const all = rows.reduce((sum, { thumbnail }) => sum + thumbnail, 0);
  for (let start = 0; start < all; start += BYTES_AT_A_TIME) {
    const end = Math.min(all, start + BYTES_AT_A_TIME);
    const bytes = Buffer.from(await page.partThumbnails(start, end), 'base64');
    if (bytes.length !== end - start) throw new AppError('internal', 'The thumbnails did not come whole.');
    yield bytes;
  }
}
