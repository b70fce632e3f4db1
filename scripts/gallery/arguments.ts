import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LABEL_FORMATS, type LabelFormat } from '../../src/exports/labels.ts';
import { isBackbone } from '../../src/heads/member.ts';
import type { BackboneName, EngineChoice, Split } from '../../src/types.ts';
import { defaultModelsDir } from '../server/models-folder.ts';

export const galleryUsage = `Usage: npm run gallery -- COMMAND [options]

  check DIR      whether the features that \`npm run evaluate -- --shard I/N\` wrote into DIR are all there,
                 once each, and of one model
  push           copies features into PostgreSQL with pgvector and builds an HNSW index; may be repeated
      --features DIR       what shards wrote
      --model NAME         its architecture, where DIR holds several
      --head FILE          a head saved by the app (.safetensors); without one, embeddings are frozen
      --splits NAMES       training, query, gallery, joined by commas (default: all three)
      --half               vectors in half precision (halfvec)
      --connections N      1 to 8 (default 3)
      --no-index           leaves the index for another time
      --index-memory SIZE  memory for building the index, as 4GB (default: the server's own)
      --distributed        spreads the table over a Citus cluster (not tested)
  export         all embeddings with path, split and class as one Parquet file, or the labels alone
      --features DIR, --model NAME, --head FILE  as for push
      --format NAME        parquet (default), or labels as fiftyone or coco
      --out FILE
  status         the collections, their rows and whether they are indexed
  drop           removes a collection
  query          the nearest images of a picture
      --image FILE
      -k N                 1 to 100 (default 10)
      --exact              compares with every image in place of asking the index
      --ef N               candidates that the index looks at, 1 to 1000 (default 64)
      --models-dir DIR, --backend auto|webgpu|wasm  as for npm run evaluate

  --to URL           the engine, as postgres://user@host/database (default: LIKENESS_ENGINE)
  --collection NAME  an architecture or the beginning of a digest, where there are several

A password comes from PGPASSWORD, ~/.pgpass or LIKENESS_ENGINE, and never from an argument.
Exit status: 0 done, 1 failed or something is missing, 2 wrong arguments.`;

/** Wrong arguments: exit status 2. */
export class GalleryUsageError extends Error {
  override readonly name = 'GalleryUsageError';
}

/** The engine, and where its URL came from. */
export interface Target {
  readonly url: string;
  readonly from: 'argument' | 'environment';
}

export type GalleryArguments =
  | { readonly command: 'help' }
  | { readonly command: 'check'; readonly featuresDir: string }
  | {
      readonly command: 'push';
      readonly to: Target;
      readonly featuresDir: string;
      readonly architecture: BackboneName | null;
      readonly head: string | null;
      readonly splits: readonly Split[];
      readonly half: boolean;
      readonly connections: number;
      readonly index: boolean;
      readonly indexMemory: string | null;
      readonly distributed: boolean;
    }
  | {
      readonly command: 'export';
      readonly featuresDir: string;
      readonly architecture: BackboneName | null;
      readonly head: string | null;
      readonly format: ExportFormat;
      readonly out: string;
    }
  | { readonly command: 'status'; readonly to: Target }
  | { readonly command: 'drop'; readonly to: Target; readonly collection: string | null }
  | {
      readonly command: 'query';
      readonly to: Target;
      readonly collection: string | null;
      readonly image: string;
      readonly k: number;
      readonly exact: boolean;
      readonly ef: number;
      readonly modelsDir: string;
      readonly backend: EngineChoice;
    };

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** @throws GalleryUsageError */
export function readGalleryArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): GalleryArguments {
  const { values, positionals } = parsed(args);
  const [command, ...rest] = positionals;
  if (values.help || command === 'help') return { command: 'help' };
  if (command === 'check') {
    const [folder] = rest;
    if (folder === undefined || rest.length > 1) throw new GalleryUsageError('check takes one folder.');
    return { command, featuresDir: resolve(folder) };
  }
  if (rest.length > 0) throw new GalleryUsageError(`"${rest[0]}" is too much.`);
  const collection = values.collection ?? null;
  switch (command) {
    case 'push':
      return {
        command,
        to: target(values.to, env),
        featuresDir: resolve(required('--features', values.features)),
        architecture: architecture(values.model),
        head: values.head === undefined ? null : file('--head', values.head),
        splits: splits(values.splits),
        half: values.half ?? false,
        connections: number('--connections', values.connections ?? '3', 8),
        index: !values['no-index'],
        indexMemory: memory(values['index-memory']),
        distributed: values.distributed ?? false,
      };
    case 'export':
      return {
        command,
        featuresDir: resolve(required('--features', values.features)),
        architecture: architecture(values.model),
        head: values.head === undefined ? null : file('--head', values.head),
        format: exportFormat(values.format ?? 'parquet'),
        out: resolve(required('--out', values.out)),
      };
    case 'status':
      return { command, to: target(values.to, env) };
    case 'drop':
      return { command, to: target(values.to, env), collection };
    case 'query':
      return {
        command,
        to: target(values.to, env),
        collection,
        image: file('--image', required('--image', values.image)),
        k: number('-k', values.k ?? '10', 100),
        exact: values.exact ?? false,
        ef: number('--ef', values.ef ?? '64', 1000),
        modelsDir: values['models-dir'] === undefined ? defaultModelsDir() : resolve(values['models-dir']),
        backend: backend(values.backend ?? 'auto'),
      };
    default:
      throw new GalleryUsageError(
        command === undefined ? 'A command is missing.' : `There is no command "${command}".`,
      );
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        to: text,
        features: text,
        model: text,
        head: text,
        out: text,
        format: text,
        splits: text,
        half: flag,
        connections: text,
        'no-index': flag,
        'index-memory': text,
        distributed: flag,
        collection: text,
        image: text,
        k: { type: 'string', short: 'k' },
        exact: flag,
        ef: text,
        'models-dir': text,
        backend: text,
        help: flag,
      },
    });
  } catch (error) {
    throw new GalleryUsageError(error instanceof Error ? error.message : String(error));
  }
}

function target(to: string | undefined, env: Readonly<Record<string, string | undefined>>): Target {
  const own = env['LIKENESS_ENGINE'];
  if (to !== undefined) return { url: to, from: 'argument' };
  if (own === undefined) throw new GalleryUsageError('--to is missing, and LIKENESS_ENGINE is not set.');
  return { url: own, from: 'environment' };
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new GalleryUsageError(`${name} is missing.`);
  return value;
}

function architecture(name: string | undefined): BackboneName | null {
  if (name === undefined) return null;
  if (!isBackbone(name)) throw new GalleryUsageError(`--model: there is no architecture "${name}".`);
  return name;
}

const SPLITS: readonly Split[] = ['training', 'query', 'gallery'];

function splits(names: string | undefined): readonly Split[] {
  if (names === undefined) return SPLITS;
  return names.split(',').map((name) => {
    const split = SPLITS.find((known) => known === name.trim());
    if (!split) throw new GalleryUsageError(`--splits takes ${SPLITS.join(', ')}, not "${name}".`);
    return split;
  });
}

export type ExportFormat = LabelFormat | 'parquet';

function exportFormat(name: string): ExportFormat {
  const format = (['parquet', ...LABEL_FORMATS] as const).find((known) => known === name);
  if (!format) throw new GalleryUsageError(`--format takes parquet, ${LABEL_FORMATS.join(' or ')}, not "${name}".`);
  return format;
}

function backend(name: string): EngineChoice {
  if (name === 'auto' || name === 'webgpu' || name === 'wasm') return name;
  throw new GalleryUsageError(`--backend takes auto, webgpu or wasm, not "${name}".`);
}

function memory(size: string | undefined): string | null {
  if (size === undefined) return null;
  if (!/^\d{1,6}(kB|MB|GB)$/.test(size))
    throw new GalleryUsageError(`--index-memory takes a size as 4GB, not "${size}".`);
  return size;
}

function number(name: string, value: string, max: number): number {
  const whole = /^\d+$/.test(value) ? Number(value) : 0;
  if (whole < 1 || whole > max) throw new GalleryUsageError(`${name} takes 1 to ${max}, not "${value}".`);
  return whole;
}

function file(name: string, value: string): string {
  const path = resolve(value);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new GalleryUsageError(`${name}: ${path} is no file.`);
  return path;
}
