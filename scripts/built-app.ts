import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

/** What a build is made of. All of scripts/ counts: its plugins import each other, and a stale build costs more than one too many. */
const SOURCES = ['src', 'public', 'scripts', 'index.html', 'package.json', 'package-lock.json', 'vite.config.ts'];

/** In the build's folder. The server hands out no dotfiles, and the service worker keeps none. */
const STAMP = '.sources.sha256';

/** The folder of the built app, which is built first where there is no build of the present sources. */
export async function builtApp(root: string, say: (line: string) => void): Promise<string> {
  const dist = join(root, 'dist');
  const stamp = join(dist, STAMP);
  const built = existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
  if (built !== digestOf(root)) {
    say(built === null ? 'Building the app.' : 'Building the app, since its sources were changed.');
    await buildForProduction(root);
  }
  return dist;
}

/** Vite takes NODE_ENV for what the app is built for: a test's would bring React's development build. */
async function buildForProduction(root: string): Promise<void> {
  const { NODE_ENV } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    // Warnings are for who works on the app (npm run build shows them): to others they read like errors. What fails is thrown.
    await build({ root, logLevel: 'error', mode: 'production' });
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  }
}

/** Writes into a build which sources it was made of, as they were when it began. */
export function stampBuild(root: string): Plugin {
  let digest = '';
  return {
    name: 'likeness:stamp',
    apply: 'build',
    buildStart() {
      digest = digestOf(root);
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler({ dir }) {
        if (dir === undefined) throw new Error('The build has no folder.');
        await writeFile(join(dir, STAMP), digest);
      },
    },
  };
}

/** SHA-256 of the sources' paths and contents: a checkout that changes times alone is no change. */
export function digestOf(root: string, sources: readonly string[] = SOURCES): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesIn(root, source)).sort()) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Paths from the root, with `/`. */
function filesIn(root: string, source: string): string[] {
  const path = join(root, source);
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [source];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${source}/${join(entry.parentPath, entry.name).slice(path.length + 1)}`.replaceAll('\\', '/'));
}
