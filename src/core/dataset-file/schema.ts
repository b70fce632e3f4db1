/** What a data set's file holds. Nothing in such a file is believed: everything goes through these. */
import * as v from 'valibot';
import { NAME_RULES } from '../../data/file-name-classes.ts';
import { OPEN_PARTS } from '../../data/ground-truth.ts';
import { MAX_DEPTH } from '../../data/listing.ts';
import { COLOUR_GRADIENT } from '../../models/colour-gradient.ts';
import { parseOwnVectors } from '../../models/own-vectors.ts';
import { ARCHITECTURES, isArchitecture } from '../../models/specs/architectures.ts';
import { cachedSchema } from '../../models/weights/records.ts';
import type { StoredDataset, StoredFile } from '../../storage/schema.ts';
import type { Problem } from '../../types.ts';

export const FORMAT = 'likeness-dataset';
/** Raised whenever the meaning of a file changes. */
export const VERSION = 1;

const text = v.pipe(v.string(), v.maxLength(4096));
const sentence = v.pipe(v.string(), v.maxLength(20_000));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const side = v.pipe(count, v.minValue(1), v.maxValue(1_000_000));
/** As many files as a folder may have (data/listing.ts). */
const MOST_FILES = 500_000;
/** As many as a listed path has: its folders, its name, and those of two archives around it. */
const MOST_PARTS = MAX_DEPTH + 3;

const problem: v.GenericSchema<unknown, Problem> = v.strictObject({
  kind: v.picklist([
    ...(['not-an-image', 'undecodable', 'empty-file', 'unreadable', 'outside-roles', 'no-class', 'duplicate'] as const),
    ...(['conflicting-label', 'leak', 'single-image-class', 'empty-class', 'not-embedded', 'changed'] as const),
    ...(['ground-truth', 'ground-truth-refused', 'archive'] as const),
    ...(['looks-like-split', 'nested-classes', 'similar-classes', 'classes-apart'] as const),
  ]),
  severity: v.picklist(['skipped', 'warning']),
  path: text,
  reason: sentence,
  action: sentence,
});

/** A data set as a file says it: labels are a text, since a file's are believed no more than any other table's. */
type FileDataset = Omit<StoredDataset, 'handles' | 'groundTruth'> & {
  readonly groundTruth: { readonly name: string; readonly text: string; readonly byHand?: true } | null;
};

const dataset: v.GenericSchema<unknown, FileDataset> = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  name: v.pipe(text, v.minLength(1)),
  createdAt: count,
  demo: v.exactOptional(v.literal(true)),
  images: v.pipe(count, v.maxValue(MOST_FILES)),
  emptyFolders: v.pipe(v.array(text), v.maxLength(MOST_FILES)),
  sourceProblems: v.pipe(v.array(problem), v.maxLength(MOST_FILES)),
  roles: v.array(v.strictTuple([text, v.picklist(['training', 'query', 'gallery', 'ignore'])])),
  choices: v.exactOptional(
    v.strictObject({
      namesAsClasses: v.array(v.strictTuple([text, v.picklist(NAME_RULES)])),
      mergedClasses: v.pipe(v.array(v.strictTuple([text, text])), v.maxLength(MOST_FILES)),
      classesByHand: v.pipe(v.array(v.strictTuple([text, v.nullable(text)])), v.maxLength(MOST_FILES)),
      clusteredBy: v.exactOptional(v.pipe(v.array(v.strictTuple([text, text])), v.maxLength(MOST_FILES))),
      excluded: v.exactOptional(v.pipe(v.array(text), v.maxLength(MOST_FILES))),
      listedRoles: v.exactOptional(
        v.pipe(
          v.array(v.strictTuple([v.picklist(OPEN_PARTS), v.picklist(['training', 'query', 'gallery', 'ignore'])])),
          v.maxLength(OPEN_PARTS.length),
        ),
      ),
      tableFirst: v.exactOptional(v.boolean()),
      innermost: v.exactOptional(v.boolean()),
    }),
  ),
  groundTruth: v.nullable(v.strictObject({ name: text, text: v.string(), byHand: v.exactOptional(v.literal(true)) })),
});

export const PIECES = ['files', 'thumbnails', 'features', 'head', 'run'] as const;
export type PieceKind = (typeof PIECES)[number];

export const manifestSchema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  /** ISO 8601. */
  writtenAt: text,
  dataset,
  /** Weights of the models whose features are here: without them, it would be unknown whose they are. */
  weights: v.pipe(v.array(cachedSchema), v.maxLength(1000)),
  /** In the order in which they are read; images come first. */
  pieces: v.pipe(
    v.array(v.strictObject({ kind: v.picklist(PIECES), name: v.pipe(v.string(), v.regex(/^pieces\/\d{6}\.bin$/)) })),
    v.maxLength(200_000),
    v.check((pieces) => new Set(pieces.map(({ name }) => name)).size === pieces.length, 'a piece is named twice'),
  ),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

/** Without the data set's id, which the manifest says, and without its mark: whether a folder's files are these, their hashes have to tell. */
export type FileRow = Omit<StoredFile, 'datasetId' | 'mark'>;
export const filesSchema: v.GenericSchema<unknown, FileRow[]> = v.array(
  v.strictObject({
    path: v.pipe(
      text,
      v.minLength(1),
      v.check((path) => path.split('/').length <= MOST_PARTS, 'a path that is too deep'),
    ),
    bytes: v.nullable(count),
    outcome: v.nullable(
      v.variant('ok', [
        v.strictObject({ ok: v.literal(true), hash, width: side, height: side }),
        v.strictObject({
          ok: v.literal(false),
          kind: v.picklist(['undecodable', 'empty-file', 'unreadable']),
          reason: sentence,
        }),
      ]),
    ),
  }),
);

/** A typed array of its own buffer, as unpack makes them. */
export const floats = v.custom<Float32Array<ArrayBuffer>>((value) => value instanceof Float32Array, 'not numbers');
const allFinite = (values: Float32Array): boolean => values.every(Number.isFinite);

function everyRow(matrix: Float32Array, dimensions: number, fits: (row: Float32Array) => boolean): boolean {
  for (let at = 0; at < matrix.length; at += dimensions) if (!fits(matrix.subarray(at, at + dimensions))) return false;
  return true;
}

/** Numbers an image that the model has whose features a key names (core/weights-catalogue.ts); null where there is no such model. */
function dimensionsOf(key: string): number | null {
  const architecture = key.slice(0, Math.max(0, key.indexOf('@')));
  if (architecture === 'colour-gradient') return COLOUR_GRADIENT.features;
  if (architecture === 'own-vectors') return parseOwnVectors(key)?.dimensions ?? null;
  return isArchitecture(architecture) ? ARCHITECTURES[architecture].features : null;
}

export const thumbnailsSchema = v.array(
  v.strictObject({
    hash,
    type: v.picklist(['image/jpeg', 'image/png', 'image/webp']),
    width: side,
    height: side,
    bytes: v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array && value.length <= 2 ** 20),
  }),
);

export const featuresSchema = v.pipe(
  v.strictObject({
    key: v.pipe(text, v.minLength(1)),
    dimensions: v.pipe(count, v.minValue(1), v.maxValue(2 ** 16)),
    hashes: v.array(hash),
    matrix: floats,
  }),
  v.check(({ dimensions, hashes, matrix }) => matrix.length === hashes.length * dimensions, 'rows of another length'),
  v.check(({ hashes }) => new Set(hashes).size === hashes.length && hashes.length > 0, 'no images, or one twice'),
  v.check(({ matrix }) => allFinite(matrix), 'numbers that are not finite'),
  // No image makes a network's features all zero; as an embedding they would have no direction.
  v.check(
    ({ dimensions, matrix }) => everyRow(matrix, dimensions, (row) => row.some((value) => value !== 0)),
    'rows of zeros',
  ),
  v.check(({ key, dimensions }) => dimensionsOf(key) === dimensions, 'features of another length than that model’s'),
);
