import { beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { boundOf, FIXTURES, QUICK, roundingSensitivity, wasmParity } from './parity.ts';

beforeAll(async () => {
  await openEngine('wasm');
});

test.each(FIXTURES.filter((name) => !QUICK.includes(name)))('%s equals PyTorch on WASM', wasmParity);

// Why one bound is wider than the common one: rounding the input alone moves these features beyond it.
test.each(['tf_efficientnetv2_b0', 'efficientnet_b0'])('%s: what one rounding of the input does', async (name) => {
  const sensitivity = await roundingSensitivity(name);
  console.log(`${name}: one rounding of the input moves the features by ${sensitivity.toExponential(1)}`);
  if ((await boundOf(name)) > 1e-4) expect(sensitivity).toBeGreaterThan(1e-4);
  else expect(sensitivity).toBeLessThan(1e-4);
});
