import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const galleryUsage = `Usage: npm run gallery -- check DIR

  check DIR      whether the features that \`npm run evaluate -- --shard I/N\` wrote into DIR are all there,
                 once each, and of one model

Exit status: 0 done, 1 failed or something is missing, 2 wrong arguments.`;

/** Wrong arguments: exit status 2. */
export class GalleryUsageError extends Error {
  override readonly name = 'GalleryUsageError';
}

export type GalleryArguments =
  | { readonly command: 'help' }
  | { readonly command: 'check'; readonly featuresDir: string };

/** @throws GalleryUsageError */
export function readGalleryArguments(args: readonly string[]): GalleryArguments {
  const { values, positionals } = parsed(args);
  const [command, ...rest] = positionals;
  if (values.help || command === 'help') return { command: 'help' };
  if (command === 'check') {
    const [folder] = rest;
    if (folder === undefined || rest.length > 1) throw new GalleryUsageError('check takes one folder.');
    return { command, featuresDir: resolve(folder) };
  }
  throw new GalleryUsageError(command === undefined ? 'A command is missing.' : `There is no command "${command}".`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { help: { type: 'boolean' } } });
  } catch (error) {
    throw new GalleryUsageError(error instanceof Error ? error.message : String(error));
  }
}
