import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const sources = ['src', 'public', 'scripts', 'index.html', 'package.json', 'package-lock.json', 'vite.config.ts'];

/** Builds the app where there is no build or something was changed since. Answers with the folder of the build. */
export async function builtApp(root: string, say: (line: string) => void): Promise<string> {
  const dist = join(root, 'dist');
  const built = statSync(join(dist, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = Math.max(...sources.map((source) => newest(join(root, source))));
  if (built < changed) {
    say(built === 0 ? 'Building the app.' : 'Building the app, since its sources were changed.');
    await buildForProduction(root);
  }
  return dist;
}

/** Vite takes NODE_ENV for what the app is built for: a test's would bring React's development build. */
async function buildForProduction(root: string): Promise<void> {
  const { NODE_ENV } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ root, logLevel: 'warn', mode: 'production' });
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  }
}

/** When a file, or the newest one in a folder, was changed. */
function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(stat.mtimeMs, ...inside.map((file) => statSync(join(path, file)).mtimeMs));
}
