import { beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../../src/models/engine.ts';
import { openWasmKernels, wasmKernels } from '../../../src/models/wasm/kernels.ts';
import { DIFFERENCE_BOUND, formulaErrors, relativeBound } from './parity.ts';

beforeAll(async () => {
  await openEngine('wasm');
});

// Browsers without relaxed SIMD, or without SIMD, get other code for the same networks.
describe.each(['plain', 'none'] as const)('with kernels: %s', (choice) => {
  beforeAll(() => openWasmKernels(choice));

  test.each(['resnet50', 'efficientnet_b0', 'tf_efficientnetv2_b0', 'deit_tiny_patch16_224'] as const)(
    '%s equals PyTorch on WASM',
    async (architecture) => {
      expect(wasmKernels() === null).toBe(choice === 'none');
      const { relative, difference } = await formulaErrors(architecture);
      expect(relative).toBeLessThanOrEqual(relativeBound(architecture, 1e-4));
      expect(difference).toBeLessThanOrEqual(DIFFERENCE_BOUND);
    },
  );
});
