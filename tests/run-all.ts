/**
 * `npm test` and `npm run test:long`: the tests in the browser beside those in Node, each keeping one core busy; the last
 * lines say what failed.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import concurrently from 'concurrently';
import { FAILURES } from './failures-reporter.ts';

const LANES = {
  usual: { browser: 'npm run test:browser', node: 'npm run check && npm run test:unit && npm run test:e2e' },
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
