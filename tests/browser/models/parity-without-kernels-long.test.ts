import { beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { openWasmKernels, wasmKernels } from '../../../src/models/engines/wasm/kernels.ts';
import { boundOf, DIFFERENCE_BOUND, formulaErrors } from './parity.ts';

const NETWORKS = [
  ...['resnet50', 'efficientnet_b0', 'tf_efficientnetv2_b0', 'deit_tiny_patch16_224', 'resnet18', 'convnext_tiny'],
  ...['mobilenetv3_large_100', 'vit_small_patch14_reg4_dinov2', 'vit_base_patch16_siglip_224'],
];

beforeAll(async () => {
  await openEngine('wasm');
});

// Browsers without relaxed SIMD, or without SIMD, get other code for the same networks.
describe.each(['plain', 'none'] as const)('with kernels: %s', (choice) => {
  beforeAll(() => openWasmKernels(choice));

  test.each(NETWORKS)('%s equals PyTorch on WASM', async (name) => {
    expect(wasmKernels() === null).toBe(choice === 'none');
    const { relative, difference } = await formulaErrors(name);
    expect(relative).toBeLessThanOrEqual(await boundOf(name));
    expect(difference).toBeLessThanOrEqual(DIFFERENCE_BOUND);
  });
});
