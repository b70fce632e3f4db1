/**
 * Features on disk, as shards write them and the gallery reads them:
 *
 *   DIR/<architecture>/shard-00002-of-00016/manifest.json
 *   DIR/<architecture>/shard-00002-of-00016/part-00000/features.npy     rows of float32 or float16
 *                                                      rows.jsonl       a line a row
 *                                                      thumbnails.bin   WebP files one behind another
 *                                                      part.json        what is in it
 *
 * A part is a folder that gets its name when it is whole: it is complete, or it is not there.
 */
import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import type { PartModel } from '../../src/app/automation/automation-types.ts';
import { type NpyMatrix, readNpyHeader, readNpyRows } from '../../src/data/npy.ts';
import { AppError } from '../../src/errors.ts';
import { npyHeader } from '../../src/exports/npy.ts';
import { isBackbone } from '../../src/heads/member.ts';
import { modelDigest } from '../../src/heads/model-digest.ts';
import { narrowToHalf } from '../../src/math/half.ts';
import { preprocessingSchema } from '../../src/models/specs/preprocessing.ts';
import type { BackboneName } from '../../src/types.ts';

const VERSION = 1;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const modelSchema: v.GenericSchema<unknown, PartModel> = v.strictObject({
  architecture: v.custom<BackboneName>(isBackbone, 'unknown backbone'),
  weights: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  sha256: v.nullable(digest),
  preprocessing: preprocessingSchema,
  features: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
  dimensions: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000)),
});

const manifestSchema = v.strictObject({
  version: v.literal(VERSION),
  model: modelSchema,
  half: v.boolean(),
  shard: count,
  of: v.pipe(count, v.minValue(1)),
  /** Images of this shard, and rows that its parts have at most. */
  images: count,
  partRows: v.pipe(count, v.minValue(1)),
  /** All images of the data set, and the digest of their paths, splits and classes: the same in all shards. */
  dataset: v.strictObject({ images: count, digest }),
});

const partSchema = v.strictObject({
  version: v.literal(VERSION),
  part: count,
  rows: count,
  /** Digest of the images that it was made of, embedded or not. */
  images: digest,
  failures: v.array(v.strictObject({ path: v.string(), reason: v.string() })),
});

const rowSchema = v.strictObject({
  path: v.pipe(v.string(), v.minLength(1)),
  hash: digest,
  class: v.nullable(v.string()),
  split: v.picklist(['training', 'query', 'gallery']),
  /** Bytes of its thumbnail. */
  thumbnail: count,
});

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type Part = v.InferOutput<typeof partSchema>;
export type Row = v.InferOutput<typeof rowSchema>;

/** One shard on disk. */
export interface ShardFolder {
  readonly path: string;
  readonly manifest: Manifest;
}

/** An image as it is listed in a data set. */
export interface ListedImage {
  readonly path: string;
  readonly split: Row['split'];
  readonly className: string | null;
}

/** Names a list of images, in its order. */
export function imagesDigest(images: readonly ListedImage[]): string {
  const hash = createHash('sha256');
  for (const { path, split, className } of images) hash.update(`${JSON.stringify([path, split, className])}\n`);
  return hash.digest('hex');
}

/** The shard that a path falls to: the first 48 bits of its SHA-256, modulo the number of shards. */
export function shardOf(path: string, shards: number): number {
  return createHash('sha256').update(path).digest().readUIntBE(0, 6) % shards;
}

const numbered = (number: number) => String(number).padStart(5, '0');
const partName = (part: number) => `part-${numbered(part)}`;

export const shardPath = (featuresDir: string, architecture: string, shard: number, of: number): string =>
  join(featuresDir, architecture, `shard-${numbered(shard)}-of-${numbered(of)}`);

export const partsOf = ({ images, partRows }: Manifest): number => Math.ceil(images / partRows);

/** Throws AppError 'bad-argument' where the file holds something else. */
async function readJson<S extends v.GenericSchema>(path: string, schema: S): Promise<v.InferOutput<S>> {
  const parsed = v.safeParse(
    schema,
    await readFile(path, 'utf8')
      .then(JSON.parse)
      .catch(() => null),
  );
  if (!parsed.success) throw new AppError('bad-argument', `${path} is damaged (${parsed.issues[0].message}).`);
  return parsed.output;
}

/**
 * Begins a shard, or goes on with it: parts that another process left half-written are removed. Throws AppError
 * 'bad-argument' where the folder holds features of another model or of other images.
 */
export async function openShard(path: string, manifest: Manifest): Promise<ShardFolder> {
  await mkdir(path, { recursive: true });
  for (const name of await readdir(path)) {
    if (name.includes(WRITING)) await rm(join(path, name), { recursive: true, force: true });
  }
  const file = join(path, 'manifest.json');
  const before = await readJson(file, manifestSchema).catch(() => null);
  if (before === null) {
    await writeSynced(`${file}${WRITING}`, [`${JSON.stringify(manifest, null, 1)}\n`]);
    await rename(`${file}${WRITING}`, file);
    return { path, manifest };
  }
  if (isDeepStrictEqual(before, manifest)) return { path, manifest };
  const other =
    before.model.features === manifest.model.features
      ? `other images or settings (${before.dataset.images} images in all, ${before.partRows} rows a part${before.half ? ', half precision' : ''})`
      : `another model (${await modelDigest(before.model.features, null)}, not ${await modelDigest(manifest.model.features, null)})`;
  throw new AppError('bad-argument', `${path} holds features of ${other}. Nothing was changed; choose another folder.`);
}

/** Whether a part is there and was made of these images. Throws AppError 'bad-argument' where it was made of others. */
export async function isWritten({ path }: ShardFolder, part: number, images: string): Promise<boolean> {
  const folder = join(path, partName(part));
  if (!(await readdir(folder).catch(() => null))) return false;
  const written = await readJson(join(folder, 'part.json'), partSchema);
  if (written.images === images && written.part === part) return true;
  throw new AppError('bad-argument', `${folder} was made of other images. Remove it, then run the shard again.`);
}

const WRITING = '.writing';

type Pieces<T> = Iterable<T> | AsyncIterable<T>;

export interface WrittenPart {
  readonly part: Part;
  readonly rows: readonly Row[];
  /** [rows, dimensions], a piece after another. */
  readonly features: Pieces<Float32Array>;
  readonly thumbnails: Pieces<Uint8Array>;
}

/** Writes a part beside its place, then gives it its name. Throws AppError 'bad-argument' where half precision cannot hold it. */
export async function writePart({ path, manifest }: ShardFolder, written: WrittenPart): Promise<void> {
  const { part, rows, features, thumbnails } = written;
  const folder = join(path, partName(part.part));
  const beside = `${folder}${WRITING}-${process.pid}`;
  await mkdir(beside);
  try {
    await writeSynced(join(beside, 'features.npy'), npy(manifest, rows.length, features));
    await writeSynced(join(beside, 'rows.jsonl'), [rows.map((row) => `${JSON.stringify(row)}\n`).join('')]);
    await writeSynced(join(beside, 'thumbnails.bin'), thumbnails);
    await writeSynced(join(beside, 'part.json'), [`${JSON.stringify(part)}\n`]);
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (error instanceof AppError) throw error;
    throw new AppError('internal', `${folder} could not be written. Parts that were finished are kept.`, {
      cause: error,
    });
  }
}

async function* npy({ half, model }: Manifest, rows: number, features: Pieces<Float32Array>) {
  yield npyHeader([rows, model.dimensions], half ? 'f2' : 'f4');
  for await (const values of features) {
    if (!half) yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    else {
      const halves = narrowToHalf(values);
      if (halves.some((bits) => (bits & 0x7c00) === 0x7c00)) {
        throw new AppError('bad-argument', 'These features are too large for half precision. Leave --half out.');
      }
      yield new Uint8Array(halves.buffer);
    }
  }
}

/** On disk, and not in a cache, when it resolves: a name must not outlive its contents. */
async function writeSynced(path: string, pieces: Pieces<string | Uint8Array>): Promise<void> {
  const file = await open(path, 'w');
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Architectures that features were written of. */
export async function listArchitectures(featuresDir: string): Promise<BackboneName[]> {
  const names = await readdir(featuresDir).catch(() => []);
  return names.flatMap((name) => (isBackbone(name) ? [name] : [])).sort();
}

/** Shards of an architecture, by number; those without a manifest that can be read are in `damaged`. */
export async function listShards(
  featuresDir: string,
  architecture: BackboneName,
): Promise<{ readonly shards: ShardFolder[]; readonly damaged: string[] }> {
  const shards: ShardFolder[] = [];
  const damaged: string[] = [];
  for (const name of (await readdir(join(featuresDir, architecture))).sort()) {
    if (!/^shard-\d+-of-\d+$/.test(name)) continue;
    const path = join(featuresDir, architecture, name);
    const manifest = await readJson(join(path, 'manifest.json'), manifestSchema).catch(() => null);
    if (manifest) shards.push({ path, manifest });
    else damaged.push(name);
  }
  return { shards, damaged };
}

/** A part that is read. */
export interface ReadPart {
  readonly part: Part;
  readonly rows: readonly Row[];
  readonly matrix: NpyMatrix;
  /** Features of rows `from` … `to` − 1, in float32. */
  features(from: number, to: number): Promise<Float32Array<ArrayBuffer>>;
  /** The thumbnail of each row. */
  thumbnails(): Promise<Uint8Array[]>;
}

/** Null where the part is not there. Throws AppError 'bad-argument' where its files do not fit one another. */
export async function readPart({ path, manifest }: ShardFolder, number: number): Promise<ReadPart | null> {
  const folder = join(path, partName(number));
  if (!(await readdir(folder).catch(() => null))) return null;
  const refuse = (reason: string) =>
    new AppError('bad-argument', `${folder}: ${reason}. Remove it, then run the shard again.`);
  const part = await readJson(join(folder, 'part.json'), partSchema);
  const lines = (await readFile(join(folder, 'rows.jsonl'), 'utf8')).split('\n').filter((line) => line !== '');
  const rows = lines.map((line) => {
    const parsed = v.safeParse(rowSchema, jsonOrNull(line));
    if (!parsed.success) throw refuse('a line of rows.jsonl is damaged');
    return parsed.output;
  });
  const file = await openAsBlob(join(folder, 'features.npy'));
  const matrix = await readNpyHeader(file);
  if (matrix.rows !== rows.length || part.rows !== rows.length)
    throw refuse('it has not as many rows as it should have');
  if (matrix.columns !== manifest.model.dimensions || matrix.half !== manifest.half) {
    throw refuse(`its features are not ${manifest.model.dimensions} numbers of the manifest's type`);
  }
  return {
    part,
    rows,
    matrix,
    features: (from, to) => readNpyRows(file, matrix, from, to),
    async thumbnails() {
      const bytes = await readFile(join(folder, 'thumbnails.bin'));
      let end = 0;
      const pieces = rows.map(({ thumbnail }) => {
        const start = end;
        end += thumbnail;
        return bytes.subarray(start, end);
      });
      if (end !== bytes.length) throw refuse('its thumbnails are damaged');
      return pieces;
    },
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
