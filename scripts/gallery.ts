/** `npm run gallery`: checks the features that shards wrote, and keeps galleries in PostgreSQL with pgvector. */
import { AppError } from '../src/errors.ts';
import type { BackboneName } from '../src/types.ts';
import { type GalleryArguments, GalleryUsageError, galleryUsage, readGalleryArguments } from './gallery/arguments.ts';
import { checkFeatures } from './gallery/check.ts';
import { dropCollection, findCollection, listCollections, stateOf } from './gallery/collection.ts';
import { connected, engineAt } from './gallery/connection.ts';
import { readHead } from './gallery/embeddings.ts';
import { exportLabels, exportParquet } from './gallery/export.ts';
import { listArchitectures } from './gallery/feature-folder.ts';
import { push } from './gallery/push.ts';
import { queryImage } from './gallery/query.ts';

/** Failures that are shown; a folder may hold thousands. */
const MOST_LINES = 50;

const say = (line: string) => void process.stderr.write(`${line}\n`);

async function run(asked: GalleryArguments): Promise<number> {
  switch (asked.command) {
    case 'help':
      console.log(galleryUsage);
      return 0;
    case 'check':
      return check(asked.featuresDir);
    case 'push':
      return pushAll(asked);
    case 'export': {
      const architecture = await architectureIn(asked);
      const head = asked.head === null ? null : await readHead(asked.head);
      const { featuresDir, format, out } = asked;
      const rows =
        format === 'parquet'
          ? await exportParquet(featuresDir, architecture, head, out)
          : await exportLabels(featuresDir, architecture, format, out);
      console.log(`${out}: ${rows} rows`);
      return 0;
    }
    case 'status':
      return status(asked);
    case 'drop':
      await connected(engineAt(asked.to.url, asked.to.from), async (client) => {
        const collection = await findCollection(client, asked.collection);
        await dropCollection(client, collection);
        console.log(`Dropped ${collection.digest} (${collection.manifest.architecture})`);
      });
      return 0;
    case 'query': {
      const { to, ...query } = asked;
      for (const { similarity, path, className } of await queryImage(engineAt(to.url, to.from), query, say)) {
        console.log(`${similarity.toFixed(4)}  ${className ?? '–'}  ${path}`);
      }
      return 0;
    }
  }
}

async function check(featuresDir: string): Promise<number> {
  const checked = await checkFeatures(featuresDir);
  if (checked.length === 0) throw new AppError('bad-argument', `${featuresDir} holds no features of shards.`);
  for (const { architecture, rows, failures, faults } of checked) {
    const state = faults.length === 0 ? 'complete' : `${faults.length} faults`;
    console.log(`${architecture}: ${rows} rows, ${failures.length} images cannot be embedded; ${state}`);
    for (const fault of shortList(faults)) console.error(`  ${fault}`);
    for (const line of shortList(failures.map(({ path, reason }) => `${path}: ${reason}`))) console.log(`  ${line}`);
  }
  return checked.every(({ faults }) => faults.length === 0) ? 0 : 1;
}

/** The one that is named, or the only one there is. */
async function architectureIn(asked: {
  readonly featuresDir: string;
  readonly architecture: BackboneName | null;
}): Promise<BackboneName> {
  const known = await listArchitectures(asked.featuresDir);
  const architecture = asked.architecture ?? (known.length === 1 ? known[0] : undefined);
  if (architecture !== undefined) return architecture;
  const names = known.length === 0 ? 'none' : known.join(', ');
  throw new GalleryUsageError(`--model is missing: ${asked.featuresDir} holds features of ${names}.`);
}

async function pushAll(asked: Extract<GalleryArguments, { command: 'push' }>): Promise<number> {
  const architecture = await architectureIn(asked);
  const head = asked.head === null ? null : await readHead(asked.head);
  const engine = engineAt(asked.to.url, asked.to.from);
  const { collection, added, sent, seconds, indexSeconds } = await push(engine, { ...asked, architecture, head }, say);
  const index = indexSeconds === null ? 'no index was asked for' : `index ready after ${indexSeconds.toFixed(1)} s`;
  console.log(`${engine.shown}: ${collection.digest}`);
  console.log(`${sent} rows sent, ${added} of them new, ${(sent / seconds).toFixed(0)} rows/s; ${index}`);
  return 0;
}

async function status(asked: Extract<GalleryArguments, { command: 'status' }>): Promise<number> {
  await connected(engineAt(asked.to.url, asked.to.from), async (client) => {
    const collections = await listCollections(client);
    if (collections.length === 0) console.log('There are no collections.');
    for (const collection of collections) {
      const { rows, bytes, indexed } = await stateOf(client, collection);
      const { digest, manifest, vectors, dimensions } = collection;
      const head = manifest.head === null ? 'frozen' : `head ${manifest.head.slice(0, 16)}`;
      console.log(
        `${digest}  ${manifest.architecture}, ${head}: ${rows} rows of ${vectors}(${dimensions}), ${(bytes / 1e6).toFixed(1)} MB, ${indexed ? 'indexed' : 'no index'}`,
      );
    }
  });
  return 0;
}

function shortList(lines: readonly string[]): string[] {
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `… and ${more} more`] : [...lines];
}

try {
  process.exitCode = await run(readGalleryArguments(process.argv.slice(2)));
} catch (error) {
  if (error instanceof GalleryUsageError) {
    console.error(`${error.message}\n--help lists the options.`);
    process.exitCode = 2;
  } else {
    console.error(`Failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
