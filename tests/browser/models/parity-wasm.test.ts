import { beforeAll, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { QUICK, wasmParity } from './parity.ts';

beforeAll(async () => {
  await openEngine('wasm');
});

test.each(QUICK)('%s equals PyTorch on WASM', wasmParity);
