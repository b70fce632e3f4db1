import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const headers = join(import.meta.dirname, '../../node_modules/hnswlib-node/src');

/** The compiler whose output is committed; another one's differs. */
export const EMSCRIPTEN = '3.1.6';

/** Names nothing of the machine it is compiled on, so that the same compiler writes the same bytes everywhere. */
const options = [
  '-std=c++17',
  '-O3',
  '-msimd128',
  '-Wall',
  '--no-entry',
  '-sSTANDALONE_WASM',
  '-sALLOW_MEMORY_GROWTH',
  '-sINITIAL_MEMORY=2MB',
  '-sMAXIMUM_MEMORY=4GB',
  '-sTOTAL_STACK=256KB',
];

/**
 * Without what packages bring: npm puts their programs first, and clang would take the `wasm-opt` of another of them for
 * the compiler's own.
 */
const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
const env = { ...process.env, PATH: path };

/** Emscripten's version; null where it is not installed. */
export async function emscriptenVersion(): Promise<string | null> {
  try {
    const { stdout } = await run('emcc', ['--version'], { env });
    return / (\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Compiles search.cpp of `folder` to `output`. Throws where the compiler or hnswlib's headers are missing. */
export async function compileSearch(folder: string, output: string): Promise<void> {
  const version = await emscriptenVersion();
  if (version !== EMSCRIPTEN) {
    throw new Error(
      `Emscripten ${EMSCRIPTEN} is needed (Debian 12: apt-get install emscripten); found: ${version ?? 'none'}.`,
    );
  }
  await access(join(headers, 'hnswlib/hnswlib.h')).catch(() => {
    throw new Error('hnswlib’s headers are missing: the optional package hnswlib-node brings them (npm install).');
  });
  // hnswlib's errors name their source file: without the folder that the project happens to lie in.
  const nameless = `-fmacro-prefix-map=${headers}/=`;
  await run('emcc', [...options, nameless, '-isystem', headers, 'search.cpp', '-o', output], { cwd: folder, env });
}
