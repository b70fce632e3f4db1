import { expect, test } from 'vitest';
import { parametersOf, wasmBytesOf } from '../../../src/models/networks/network.ts';

test('on WASM a network takes its parameters, and four times those that are transformed for fewer products', () => {
  expect(wasmBytesOf('vit_base_patch16_224')).toBe(4 * parametersOf('vit_base_patch16_224'));
  // Its 3 × 3 convolutions of 64, 128 and 256 channels: 27 further numbers for every pair of channels.
  const further = 27 * (3 * 64 ** 2 + 4 * 128 ** 2 + 6 * 256 ** 2);
  expect(wasmBytesOf('resnet50')).toBe(4 * (parametersOf('resnet50') + further));
});
