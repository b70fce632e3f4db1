import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { modelDigest } from '../../src/heads/model-digest.ts';
import type { BackboneName } from '../../src/types.ts';
import { listArchitectures, listShards, partsOf, readPart, type ShardFolder, shardOf } from './feature-folder.ts';

/** What `gallery check` found of one architecture's features. */
export interface Checked {
  readonly architecture: BackboneName;
  readonly rows: number;
  /** Images that no network can embed; they are no fault. */
  readonly failures: readonly { readonly path: string; readonly reason: string }[];
  /** What is missing, twice, damaged or of another model: a sentence each. Empty where all is well. */
  readonly faults: readonly string[];
}

/** Checks every architecture below a folder. */
export async function checkFeatures(featuresDir: string): Promise<Checked[]> {
  const checked: Checked[] = [];
  for (const architecture of await listArchitectures(featuresDir)) {
    checked.push(await checkArchitecture(featuresDir, architecture));
  }
  return checked;
}

async function checkArchitecture(featuresDir: string, architecture: BackboneName): Promise<Checked> {
  const { shards, damaged } = await listShards(featuresDir, architecture);
  const faults = damaged.map((name) => `${name} has no manifest that can be read: run that shard again.`);
  const [first] = shards;
  if (!first) return { architecture, rows: 0, failures: [], faults: [...faults, 'There are no shards.'] };
  const { of, model, dataset } = first.manifest;
  const seen = new Set<number>();
  const failures: Checked['failures'][number][] = [];
  let rows = 0;
  let listed = 0;
  for (const shard of shards) {
    const { manifest } = shard;
    const name = `shard ${manifest.shard} of ${manifest.of}`;
    if (manifest.of !== of) {
      faults.push(
        `${name} belongs to another division than shard ${first.manifest.shard} of ${of}: remove one of them.`,
      );
      continue;
    }
    if (seen.has(manifest.shard)) faults.push(`${name} is there twice.`);
    seen.add(manifest.shard);
    if (manifest.model.features !== model.features) {
      const [its, firsts] = await Promise.all(
        [manifest.model, model].map(({ features }) => modelDigest(features, null)),
      );
      faults.push(
        `${name} is of another model: its digest is ${its}, that of shard ${first.manifest.shard} ${firsts}.`,
      );
    }
    if (manifest.dataset.digest !== dataset.digest) {
      faults.push(
        `${name} was made of another list of images (${manifest.dataset.images}; shard ${first.manifest.shard}: ${dataset.images}).`,
      );
    }
    listed += manifest.images;
    const found = await checkShard(shard, name);
    rows += found.rows;
    failures.push(...found.failures);
    faults.push(...found.faults);
  }
  const missing = Array.from({ length: of }, (_, shard) => shard).filter((shard) => !seen.has(shard));
  for (const shard of missing) faults.push(`shard ${shard} of ${of} is missing.`);
  if (missing.length === 0 && faults.length === 0 && listed !== dataset.images) {
    faults.push(`The shards hold ${listed} images, and the data set has ${dataset.images}.`);
  }
  return { architecture, rows, failures, faults };
}

/** An image falls to one shard alone, so that what is there twice is found shard by shard, in bounded memory. */
async function checkShard(shard: ShardFolder, name: string) {
  const { manifest, path } = shard;
  const faults: string[] = [];
  const failures: Checked['failures'][number][] = [];
  const paths = new Set<string>();
  let rows = 0;
  for (const left of (await readdir(path)).filter((entry) => entry.includes('.writing'))) {
    faults.push(`${name} has a part that was not finished (${left}): it is being written, or run the shard again.`);
  }
  const parts = partsOf(manifest);
  for (let number = 0; number < parts; number++) {
    try {
      const part = await readPart(shard, number);
      if (!part) {
        faults.push(`${name} lacks part ${number} of ${parts}: run the shard again.`);
        continue;
      }
      const expected = Math.min(manifest.partRows, manifest.images - number * manifest.partRows);
      const held = part.rows.length + part.part.failures.length;
      if (held !== expected || part.part.part !== number) {
        faults.push(`${name}, part ${number} speaks of ${held} images, and ${expected} belong there.`);
      }
      rows += part.rows.length;
      failures.push(...part.part.failures);
      for (const { path: image } of [...part.rows, ...part.part.failures]) {
        const key = createHash('sha256').update(image).digest('base64');
        if (paths.has(key)) faults.push(`${name} has ${image} twice.`);
        if (shardOf(image, manifest.of) !== manifest.shard)
          faults.push(`${name} has ${image}, which falls to another.`);
        paths.add(key);
      }
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { rows, failures, faults };
}
