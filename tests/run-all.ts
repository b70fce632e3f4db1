/**
 * `npm test` and `npm run test:long`: two lanes, each keeping one core busy; the last lines say what failed.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import concurrently from 'concurrently';
import { FAILURES } from './failures-reporter.ts';

/** Folders of tests in the browser that compute networks or decode images: half of all, by time. */
const COMPUTING = ['core', 'data', 'heads', 'models', 'workers'];

const folders = readdirSync(join(import.meta.dirname, 'browser'));
const inBrowser = (computing: boolean) => {
  const chosen = folders.filter((folder) => COMPUTING.includes(folder) === computing);
  return `vitest run --project browser ${chosen.map((folder) => `tests/browser/${folder}/`).join(' ')}`;
};

const LANES = {
  usual: {
    browser: inBrowser(true),
    node: `npm run check && npm run test:unit && npm run test:e2e && ${inBrowser(false)}`,
  },
  long: { browser: 'vitest run --project browser-long', node: 'vitest run --project node-long' },
};

const chosen = process.argv[2] === 'long' ? LANES.long : LANES.usual;
rmSync(FAILURES, { force: true });
const { result } = concurrently(Object.entries(chosen).map(([name, command]) => ({ name, command })));
try {
  await result;
} catch {
  process.exitCode = 1;
  const failed = existsSync(FAILURES) ? readFileSync(FAILURES, 'utf8') : 'A command failed without a failed test.\n';
  console.error(`\nFailed:\n${failed}`);
}
