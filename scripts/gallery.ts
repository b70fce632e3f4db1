/** `npm run gallery`: checks the features that shards wrote, and keeps galleries in PostgreSQL with pgvector. */
import { AppError } from '../src/errors.ts';
import { GalleryUsageError, galleryUsage, readGalleryArguments } from './gallery/arguments.ts';
import { checkFeatures } from './gallery/check.ts';

/** Failures that are shown; a folder may hold thousands. */
const MOST_LINES = 50;

async function run(): Promise<number> {
  const asked = readGalleryArguments(process.argv.slice(2));
  switch (asked.command) {
    case 'help':
      console.log(galleryUsage);
      return 0;
    case 'check':
      return check(asked.featuresDir);
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

function shortList(lines: readonly string[]): string[] {
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `… and ${more} more`] : [...lines];
}

try {
  process.exitCode = await run();
} catch (error) {
  if (error instanceof GalleryUsageError) {
    console.error(`${error.message}\n\n${galleryUsage}`);
    process.exitCode = 2;
  } else {
    console.error(`Failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
