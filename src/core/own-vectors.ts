import { sha256 } from '../data/file-bytes.ts';
import { matchFiles } from '../data/match-labels.ts';
import { readVectorTables } from '../data/own-vectors.ts';
import { MOST_VECTORS, refused, type VectorTable } from '../data/vector-table.ts';
import { aborted, quoted } from '../errors.ts';
import { MOST_DIMENSIONS, ownVectorsKey, ownWeights } from '../models/own-vectors.ts';
import { numeral } from '../numerals.ts';
import { deleteFeatures, type FeaturesRow, putFeatures } from '../storage/features.ts';
import type { ImageRecord, Weights } from '../types.ts';
import type { Context, Step, Subject } from './context.ts';
import { createMeter } from './meter.ts';

export interface ImportedVectors {
  readonly weights: Weights;
  /** Images of the data set that have a vector now, of all. */
  readonly matched: number;
  readonly images: number;
  /** Rows whose name is none of the images, or may be of several; the first names of them. */
  readonly left: number;
  readonly leftNames: readonly string[];
}

const NAMES_TOLD = 3;

/**
 * Stores vectors that a user brought as the features of a model of their own, for the images of a data set that their rows name, as the
 * files of a table of labels do. All rows are checked before the first is stored. Throws AppError 'bad-argument' with the row that
 * cannot be, 'aborted', and what storing throws.
 */
export async function importOwnVectors(
  { database, weights: catalogue, inTurn }: Context,
  files: readonly File[],
  { images }: Subject,
  { signal, report, stage }: Step,
): Promise<ImportedVectors> {
  const tables = await readVectorTables(files);
  const [first] = tables;
  if (!first) throw refused('There are no vectors in these files.');
  const { dimensions } = first;
  if (dimensions > MOST_DIMENSIONS) {
    throw refused(`These vectors have ${numeral(dimensions)} numbers; ${numeral(MOST_DIMENSIONS)} is the most.`);
  }
  const total = tables.reduce((sum, table) => sum + table.files.length, 0);
  if (total > MOST_VECTORS)
    throw refused(`These files have ${numeral(total)} rows; ${numeral(MOST_VECTORS)} can be imported.`);
  const matches = tables.map((table) => matchRows(table, images));
  const hashes = new Set(matches.flatMap(({ rows }) => rows.flatMap((hash) => hash ?? [])));
  const leftNames = matches.flatMap(({ left }) => left);
  if (hashes.size === 0) {
    const names = leftNames.slice(0, NAMES_TOLD).map(quoted).join(', ');
    throw refused(`None of the ${numeral(total)} names is an image of this data set. They begin with ${names}.`);
  }

  const checked = createMeter(total);
  stage('Checking the vectors', 'rows');
  for (const table of tables) {
    let row = 0;
    for await (const block of table.blocks()) {
      if (signal.aborted) throw aborted();
      checkRows(block, dimensions, (at) => quoted(table.files[row + at] ?? ''));
      row += block.length / dimensions;
      report(checked.advance(block.length / dimensions));
    }
  }

  const digest = await sha256(new Blob(await Promise.all(files.map((file) => sha256(file)))));
  const vectors = { name: first.name, sha256: digest, dimensions };
  const key = ownVectorsKey(vectors);
  const weights = ownWeights(vectors);
  return inTurn(key, signal, async () => {
    stage(`Storing ${weights.label}`, 'rows');
    const meter = createMeter(total);
    try {
      for (const [at, table] of tables.entries()) {
        const rowHashes = matches[at]?.rows ?? [];
        let row = 0;
        for await (const block of table.blocks()) {
          if (signal.aborted) throw aborted();
          const rows: FeaturesRow[] = [];
          for (let i = 0; i < block.length; i += dimensions, row++) {
            const hash = rowHashes[row];
            if (hash) rows.push({ hash, features: block.slice(i, i + dimensions) });
          }
          if (rows.length > 0) await putFeatures(database, key, rows);
          report(meter.advance(block.length / dimensions));
        }
      }
    } catch (error) {
      // A part of a model would look like all of it.
      await deleteFeatures(database, key).catch(() => {});
      throw error;
    }
    catalogue.bring(vectors);
    const matched = images.filter(({ hash }) => hash !== null && hashes.has(hash)).length;
    return {
      weights,
      matched,
      images: images.length,
      left: leftNames.length,
      leftNames: leftNames.slice(0, NAMES_TOLD),
    };
  });
}

/** The hash of each row's image; null where it is none of the data set, or may be one of several. */
function matchRows({ files, split }: VectorTable, images: readonly ImageRecord[]) {
  const scope = {
    images: split === null ? images : images.filter((image) => image.split === split),
    // A name below any folder is found by its end.
    root: '',
    relative: split !== null,
  };
  const rows: (string | null)[] = files.map(() => null);
  const left: string[] = [];
  const taken = new Set<ImageRecord>();
  for (const { at, image } of matchFiles(files, scope)) {
    if (image === null || image === 'several') left.push(files[at] ?? '');
    else if (taken.has(image)) throw refused(`Two rows are of ${quoted(files[at] ?? '')}.`);
    else {
      taken.add(image);
      rows[at] = image.hash;
    }
  }
  return { rows, left };
}

function checkRows(block: Float32Array, dimensions: number, nameOf: (row: number) => string): void {
  for (let at = 0; at < block.length; at += dimensions) {
    const row = block.subarray(at, at + dimensions);
    if (!row.every(Number.isFinite)) {
      throw refused(`The vector of ${nameOf(at / dimensions)} has values that are not finite numbers.`);
    }
    if (row.every((value) => value === 0)) {
      throw refused(`The vector of ${nameOf(at / dimensions)} is all zeros, which is no direction.`);
    }
  }
}
