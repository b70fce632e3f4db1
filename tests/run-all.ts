/** `npm run test:all`: the tests in the browser beside those in Node; the last lines say what failed. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import concurrently from 'concurrently';
import { FAILURES } from './failures-reporter.ts';

rmSync(FAILURES, { force: true });
const { result } = concurrently([
  { name: 'browser', command: 'npm run test:browser' },
  { name: 'node', command: 'npm run test:node' },
]);
try {
  await result;
} catch {
  process.exitCode = 1;
  const failed = existsSync(FAILURES) ? readFileSync(FAILURES, 'utf8') : 'A command failed without a failed test.\n';
  console.error(`\nFailed:\n${failed}`);
}
