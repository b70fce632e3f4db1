/**
 * `npm test` and `npm run test:long`: two pieces of the tests at a time, each keeping one core busy. `npm run test:speed`: one after
 * the other. The last lines say what failed.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import concurrently from 'concurrently';
import { FAILURES } from './failures-reporter.ts';

/** Folders of tests in the browser, in pieces of some minutes; a new folder is of the last. */
const NETWORKS = ['models'];
const WORKERS = ['core', 'data', 'heads', 'workers'];
const SCREENS = ['ui'];
const others = readdirSync(join(import.meta.dirname, 'browser')).filter(
  (folder) => ![...NETWORKS, ...WORKERS, ...SCREENS].includes(folder),
);
const inBrowser = (folders: readonly string[], ...options: string[]): string =>
  ['vitest run --project browser', ...options, ...folders.map((folder) => `tests/browser/${folder}/`)].join(' ');

/** Each starts when one before it has ended: the longest first, so that both cores have work until the end. */
const PIECES = {
  usual: {
    networks: inBrowser(NETWORKS),
    e2e: 'npm run test:e2e',
    check: 'npm run check',
    workers: inBrowser(WORKERS),
    // Screens put back what they change, so that files may share what they import: it takes a third of the time.
    screens: inBrowser(SCREENS, '--no-isolate'),
    others: inBrowser(others),
    unit: 'npm run test:unit',
  },
  long: { browser: 'vitest run --project browser-long', node: 'vitest run --project node-long' },
  speed: { browser: 'vitest run --mode production --project browser-speed', e2e: 'vitest run --project e2e-speed' },
};

const [, , asked] = process.argv;
const chosen = asked === 'long' || asked === 'speed' ? PIECES[asked] : PIECES.usual;
rmSync(FAILURES, { force: true });
// Times are those of React as users get it: its development build checks and records every element, which takes twice as long.
const env = asked === 'speed' ? { NODE_ENV: 'production' } : {};
const commands = Object.entries(chosen).map(([name, command]) => ({ name, command, env }));
const started = concurrently(commands, { maxProcesses: asked === 'speed' ? 1 : 2 });
const failed: string[] = [];
for (const { name, close } of started.commands) {
  close.subscribe(({ exitCode }) => {
    if (exitCode !== 0) failed.push(name);
  });
}
try {
  await started.result;
} catch {
  process.exitCode = 1;
  const tests = existsSync(FAILURES) ? readFileSync(FAILURES, 'utf8') : '';
  console.error(`\nFailed: ${failed.join(', ')}\n${tests}`);
}
