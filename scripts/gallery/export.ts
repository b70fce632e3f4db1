import { writeFile } from 'node:fs/promises';
import { AppError } from '../../src/errors.ts';
import { type LabelFormat, type LabelledImage, labelsJson } from '../../src/exports/labels.ts';
import { type ParquetBlock, parquetPieces } from '../../src/exports/parquet.ts';
import { modelDigest } from '../../src/heads/model-digest.ts';
import type { BackboneName } from '../../src/types.ts';
import { writeWhole } from '../evaluate/result-files.ts';
import { checkHead, embedRows, type UsedHead } from './embeddings.ts';
import { listShards, partsOf, readPart, type ShardFolder } from './feature-folder.ts';

/** Rows of a row group: 8 MB at 512 numbers. */
const ROWS_A_GROUP = 4096;

/** Writes all embeddings of an architecture's features as one Parquet file; how many. Throws AppError. */
export async function exportParquet(
  featuresDir: string,
  architecture: BackboneName,
  head: UsedHead | null,
  out: string,
): Promise<number> {
  const { shards, model } = await shardsOfOneModel(featuresDir, architecture);
  if (head) checkHead(head, model);
  const about = {
    ...model,
    head: head?.digest ?? null,
    digest: await modelDigest(model.features, head?.digest ?? null),
  };
  let written = 0;
  const counted = async function* () {
    for await (const block of blocksOf(shards, head)) {
      written += block.rows.length;
      yield block;
    }
  };
  await writeWhole(out, (temporary) => writeFile(temporary, parquetPieces(counted(), about)));
  return written;
}

/** Writes the classes of all images that have features, as another program reads them; how many. Throws AppError. */
export async function exportLabels(
  featuresDir: string,
  architecture: BackboneName,
  format: LabelFormat,
  out: string,
): Promise<number> {
  const { shards } = await shardsOfOneModel(featuresDir, architecture);
  const images: LabelledImage[] = [];
  for (const shard of shards) {
    for (let number = 0; number < partsOf(shard.manifest); number++) {
      for (const row of (await partOf(shard, number)).rows) {
        // Shards do not keep how large an image is.
        images.push({ path: row.path, className: row.class, width: null, height: null });
      }
    }
  }
  await writeWhole(out, (temporary) => writeFile(temporary, labelsJson(images, format)));
  return images.length;
}

async function shardsOfOneModel(featuresDir: string, architecture: BackboneName) {
  const { shards } = await listShards(featuresDir, architecture);
  const [first] = shards;
  if (!first) throw new AppError('bad-argument', `${featuresDir} holds no features of ${architecture}.`);
  const { model } = first.manifest;
  const other = shards.find(({ manifest }) => manifest.model.features !== model.features);
  if (other) throw new AppError('bad-argument', `${other.path} is of another model. Run gallery check first.`);
  return { shards, model };
}

async function partOf(shard: ShardFolder, number: number) {
  const part = await readPart(shard, number);
  if (!part) throw new AppError('bad-argument', `${shard.path} lacks part ${number}. Run gallery check first.`);
  return part;
}

async function* blocksOf(shards: readonly ShardFolder[], head: UsedHead | null): AsyncGenerator<ParquetBlock> {
  for (const shard of shards) {
    for (let number = 0; number < partsOf(shard.manifest); number++) {
      const part = await partOf(shard, number);
      for (let from = 0; from < part.rows.length; from += ROWS_A_GROUP) {
        const to = Math.min(part.rows.length, from + ROWS_A_GROUP);
        const embeddings = await embedRows(head, await part.features(from, to), shard.manifest.model.dimensions);
        yield { rows: part.rows.slice(from, to), embeddings };
      }
    }
  }
}
