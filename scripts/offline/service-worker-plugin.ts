import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import type { Version } from '../../src/service-worker/version.ts';

const FILE = 'service-worker.js';
/** In the source; in which quotes, the minifier decides. */
const PLACE = /(["'`])__LIKENESS_VERSION__\1/;

/**
 * Builds the service worker and writes the list of all built files into it, each with its digest. Builds alone have one:
 * the development server's files change under it.
 */
export function serviceWorker(): Plugin {
  return {
    name: 'likeness:service-worker',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      this.emitFile({
        type: 'chunk',
        id: resolve(import.meta.dirname, '../../src/service-worker/service-worker.ts'),
        fileName: FILE,
      });
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler({ dir }) {
        if (dir === undefined) throw new Error('The build has no folder.');
        const script = await readFile(join(dir, FILE), 'utf8');
        if (/^\s*(import|export)\b/m.test(script))
          throw new Error('The service worker is no script of its own any more.');
        if (!PLACE.test(script)) throw new Error('The service worker has no place for the list of files.');
        const version = JSON.stringify(await versionOf(dir, script));
        await writeFile(
          join(dir, FILE),
          script.replace(PLACE, () => JSON.stringify(version)),
        );
      },
    },
  };
}

/**
 * What lies in the folder of the build, but for the service worker itself, which a browser always asks the server for, and
 * dotfiles, which hosts do not hand out.
 */
async function versionOf(dir: string, script: string): Promise<Version> {
  const paths = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => path !== FILE && !/(^|\/)\./.test(path))
    .sort();
  const files: Record<string, string> = {};
  for (const path of paths) {
    // The page goes by its folder's name, as people open it and every host answers it.
    files[path === 'index.html' ? '' : path] = sha256(await readFile(join(dir, path)));
  }
  return { id: sha256(`${script}\n${JSON.stringify(files)}`).slice(0, 16), files };
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
