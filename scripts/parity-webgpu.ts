/**
 * Compares all networks on WebGPU with PyTorch (formula weights) and prints each one's error. With a software adapter
 * this takes up to an hour: the tests leave out the large networks.
 */
import { startVitest } from 'vitest/node';

process.env['VITE_PARITY'] = 'all';
const vitest = await startVitest('test', ['tests/browser/models/parity-webgpu-long.test.ts'], {
  project: ['browser-long'],
  run: true,
  watch: false,
});
await vitest.close();
// startVitest has set the exit code when a test failed; no test at all is a failure too.
if (vitest.state.getCountOfFailedTests() > 0 || vitest.state.getTestModules().length === 0) process.exitCode = 1;
