import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { openEngine } from '../../../src/models/engines/engine.ts';
import type {
  Activation,
  Convolution,
  Layer,
  Layers,
  Padding,
  SqueezeExcite,
} from '../../../src/models/engines/layers.ts';
import { plainLayers } from '../../../src/models/engines/plain-layers.ts';
import { networkTensors } from '../../../src/models/engines/tensors.ts';
import { type Candidate, chooseCandidates, FEATURE_OF } from '../../../src/models/engines/webgpu/candidates.ts';
import { compiledAhead } from '../../../src/models/engines/webgpu/compile-ahead.ts';
import { unpackedCrops } from '../../../src/models/engines/webgpu/crops.ts';
import { exactAttention, exactLayerNorm } from '../../../src/models/engines/webgpu/exact.ts';
import { webgpuKernels } from '../../../src/models/engines/webgpu/kernels.ts';
import { webgpuLayers } from '../../../src/models/engines/webgpu/layers.ts';
import { backendInUse } from '../../../src/models/engines/webgpu/program.ts';
import { withFeatures } from '../../webgpu-features.ts';
import { relativeError } from './parity.ts';

const random = seededRandom(11);
const numbers = (length: number, scale = 1) => Float32Array.from({ length }, () => scale * random.gaussian());

/** What the adapter has of what candidates want. */
const adapter = await navigator.gpu.requestAdapter();
const lacks = (feature: GPUFeatureName): boolean => !adapter?.features.has(feature);

beforeAll(async () => {
  await withFeatures(Object.values(FEATURE_OF), () => openEngine('webgpu'));
});

afterEach(() => chooseCandidates([]));

/** What programs say that are computed by a candidate, where neither their results nor their number tell. */
const TELLTALE: Readonly<Partial<Record<Candidate, string>>> = {
  'half-weights': 'vec2<i32>',
  'half-precision': 'enable f16;',
  subgroups: 'enable subgroups;',
};

/** Runs `compute` and gives the programs that it asked the card for. Each candidate of `candidates` must show in one. */
async function withPrograms<R>(
  candidates: readonly Candidate[],
  compute: () => Promise<R>,
): Promise<{ result: R; dispatches: number }> {
  const programs = vi.spyOn(WebGPUBackend.prototype, 'runWebGPUProgram');
  const result = await compute();
  const texts = programs.mock.calls.map(([program]) => program.getUserCode()).join('\n');
  const dispatches = programs.mock.calls.length;
  programs.mockRestore();
  for (const candidate of candidates) expect(texts).toContain(TELLTALE[candidate] ?? '');
  return { result, dispatches };
}

/**
 * A layer with candidates gives what TensorFlow.js's own operations give on the processor, and no tensor is left. Returns how
 * many dispatches it takes.
 */
async function compared(
  candidates: readonly Candidate[],
  shape: number[],
  make: (layers: Layers<tf.Tensor>) => Promise<Layer<tf.Tensor>>,
  residual?: number[],
  bound = 1e-6,
): Promise<number> {
  const before = tf.memory().numTensors;
  const values = numbers(tf.util.sizeFromShape(shape));
  const added = residual ? numbers(tf.util.sizeFromShape(residual)) : null;
  const computed = async (layers: typeof webgpuLayers) => {
    const tensors = networkTensors();
    const layer = await make(layers(tensors, () => {}));
    const y = tf.tidy(() =>
      layer(tf.tensor(values, shape), added && residual ? tf.tensor(added, residual) : undefined),
    );
    const result = { shape: y.shape, numbers: Float32Array.from(await y.data()) };
    y.dispose();
    tensors.dispose();
    return result;
  };
  await tf.setBackend('cpu');
  const expected = await computed(plainLayers);
  await tf.setBackend('webgpu');
  chooseCandidates(candidates);
  const { result: found, dispatches } = await withPrograms(candidates, () => computed(webgpuLayers));
  expect(found.shape).toEqual(expected.shape);
  expect(relativeError(found.numbers, expected.numbers)).toBeLessThan(bound);
  expect(tf.memory().numTensors).toBe(before);
  return dispatches;
}

test.each([
  { side: [9, 11], channels: 32, kernel: 3, stride: 1, padding: 'symmetric', activation: 'silu' },
  { side: [10, 7], channels: 36, kernel: 3, stride: 2, padding: 'same', activation: 'relu' },
  { side: [8, 9], channels: 40, kernel: 5, stride: 2, padding: 'same', activation: 'silu' },
  { side: [9, 9], channels: 12, kernel: 7, stride: 1, padding: 'symmetric', activation: 'linear' },
] as const)('a depthwise convolution, %o', async ({ side, channels, ...shape }) => {
  const layer = convolutionOf({ ...shape, inputs: channels, outputs: channels, depthwise: true });
  const dispatches = await compared(['fused-depthwise'], [3, ...side, channels], (layers) => layers.convolution(layer));
  expect(dispatches).toBe(1);
});

test.each([
  { side: [7, 7], channels: 32, reduced: 6, activation: 'silu', gate: 'sigmoid' },
  { side: [5, 9], channels: 1152, reduced: 48, activation: 'silu', gate: 'sigmoid' },
  { side: [3, 3], channels: 72, reduced: 24, activation: 'relu', gate: 'clip' },
  { side: [1, 2], channels: 16, reduced: 300, activation: 'relu', gate: 'sigmoid' },
] as const)('squeeze-and-excitation, %o', async ({ side, channels, reduced, activation, gate }) => {
  const squeeze = squeezeOf(channels, reduced, activation, gate);
  const candidates = ['fused-depthwise', 'squeeze-in-two'] as const;
  const dispatches = await compared(candidates, [3, ...side, channels], (layers) => layers.squeezeExcite(squeeze));
  expect(dispatches).toBe(3);
});

test('layers of other numbers than fours are computed as before', async () => {
  const candidates = ['fused-product', 'fused-convolution', 'fused-depthwise', 'squeeze-in-two'] as const;
  const layer = { kernel: numbers(6 * 5), bias: numbers(5), activation: 'relu' } as const;
  await compared(candidates, [3, 6], (layers) => layers.linear(layer));
  const shape = { kernel: 3, stride: 1, padding: 'symmetric', activation: 'relu' } as const;
  const depthwise = convolutionOf({ ...shape, inputs: 5, outputs: 5, depthwise: true });
  await compared(candidates, [1, 4, 4, 5], (layers) => layers.convolution(depthwise));
});

/** Eleven bits of two factors each, and of partial sums. */
const HALF = 2e-3;

const SYMMETRIC = { padding: 'symmetric', residual: false } as const;

describe.each<{ tiles: readonly Candidate[] }>([
  { tiles: [] },
  { tiles: ['small-tiles'] },
  { tiles: ['workgroup-tiles'] },
  { tiles: ['workgroup-tiles', 'small-tiles'] },
])('by $tiles', ({ tiles }) => {
  const products: readonly Candidate[] = ['fused-product', 'fused-convolution', ...tiles];
  const withinATile = (candidates: readonly Candidate[], bound?: number) =>
    linear(candidates, [3, 5, 7], 20, 132, 'silu', true, bound);
  const shape = { stride: 2, activation: 'relu', residual: true } as const;
  const patches = { ...shape, side: [9, 7], inputs: 12, outputs: 68, kernel: 3, padding: 'same' } as const;
  // Three channels, as an image has, are read one by one.
  const ofAnImage = { ...shape, side: [9, 9], inputs: 3, outputs: 8, kernel: 7, padding: 'symmetric' } as const;

  test('a linear layer whose rows and columns end within a tile', () => withinATile(products));

  test('a convolution whose rows, columns and inputs do', () => convolution(products, patches));

  test('weights as halves', async () => {
    await withinATile([...products, 'half-weights'], HALF);
    await convolution([...products, 'half-weights'], patches, HALF);
  });

  // Whether the adapter could compute them or not: nothing is computed.
  test('products of halves are asked for as such', async () => {
    const backend = backendInUse();
    const programs = vi
      .spyOn(backend, 'runWebGPUProgram')
      .mockImplementation(({ outputShape }, _, dtype) => backend.makeTensorInfo(outputShape, dtype));
    chooseCandidates([...products, 'half-precision']);
    const tensors = networkTensors();
    const layers = webgpuLayers(tensors, () => {});
    const product = await layers.linear({ kernel: numbers(8 * 12), bias: numbers(12), activation: 'linear' });
    const convolved = await layers.convolution(convolutionOf({ ...patches, activation: 'linear' }));
    tf.tidy(() => [product(tf.zeros([3, 8])), convolved(tf.zeros([1, 9, 7, 12]))]);
    const texts = programs.mock.calls.map(([program]) => program.getUserCode());
    programs.mockRestore();
    tensors.dispose();
    expect(texts).toHaveLength(2);
    for (const text of texts) {
      expect(text).toContain('enable f16;');
      expect(text).toContain('var half0_0 = vec4<f16>(0);');
      expect(text).toContain('sum0_0 += vec4<f32>(half0_0);');
    }
  });

  test
    .skipIf(lacks('shader-f16'))
    .each<{ weights: readonly Candidate[] }>([{ weights: [] }, { weights: ['half-weights'] }])(
    'products of halves, $weights (skipped where the adapter has no shader-f16)',
    async ({ weights }) => {
      const halves: readonly Candidate[] = [...products, 'half-precision', ...weights];
      await withinATile(halves, HALF);
      await convolution(halves, patches, HALF);
      await convolution(halves, ofAnImage, HALF);
    },
  );
});

describe.skipIf(lacks('subgroups'))('by subgroups (skipped where the adapter has none)', () => {
  const WIDTH = 192;
  beforeEach(() => chooseCandidates(['subgroups']));

  test.each([192, 768, 68])('layer norm of %i numbers a row', async (width) => {
    const x = numbers(5 * width, 3);
    const kernels = webgpuKernels();
    const { result: found } = await withPrograms(['subgroups'], () =>
      valuesOf(tf.tidy(() => kernels?.layerNorm(tf.tensor2d(x, [5, width]), 1e-6))),
    );
    expect(relativeError(found, Float32Array.from(exactLayerNorm(x, width, 1e-6)))).toBeLessThan(1e-6);
  });

  test.each([197, 33, 1])('attention among %i tokens', async (tokens) => {
    const qkv = numbers(2 * tokens * 3 * WIDTH, 0.5);
    const attend = () => webgpuKernels()?.attend(tf.tensor3d(qkv, [2, tokens, 3 * WIDTH]), tokens, WIDTH, 64);
    const { result: found } = await withPrograms(['subgroups'], () => valuesOf(tf.tidy(attend)));
    const shape = { images: 2, tokens, asking: tokens, width: WIDTH, depth: 64 };
    expect(relativeError(found, Float32Array.from(exactAttention(qkv, shape)))).toBeLessThan(1e-6);
  });

  test.each([
    { channels: 1152, reduced: 48 },
    { channels: 16, reduced: 300 },
  ])('squeeze-and-excitation, %o', async ({ channels, reduced }) => {
    const squeeze = squeezeOf(channels, reduced, 'silu', 'sigmoid');
    const candidates = ['fused-depthwise', 'squeeze-in-two', 'subgroups'] as const;
    const dispatches = await compared(candidates, [3, 3, 5, channels], (layers) => layers.squeezeExcite(squeeze));
    expect(dispatches).toBe(3);
  });

  async function valuesOf(tensor: tf.Tensor | undefined): Promise<Float32Array> {
    const values = Float32Array.from((await tensor?.data()) ?? []);
    tensor?.dispose();
    return values;
  }
});

test.each([
  { rows: [2, 33], inputs: 192, outputs: 68, activation: 'gelu' },
  { rows: [65], inputs: 4, outputs: 4, activation: 'hard-swish' },
] as const)('a linear layer, %o', ({ rows, inputs, outputs, activation }) =>
  linear(['fused-product'], [...rows], inputs, outputs, activation, false),
);

test.each([
  { side: [7, 9], inputs: 3, outputs: 8, kernel: 7, stride: 2, ...SYMMETRIC, activation: 'relu' },
  { side: [8, 8], inputs: 3, outputs: 16, kernel: 4, stride: 4, ...SYMMETRIC, padding: 'none', activation: 'linear' },
  { side: [9, 6], inputs: 8, outputs: 68, kernel: 3, stride: 1, ...SYMMETRIC, activation: 'silu', residual: true },
  { side: [5, 7], inputs: 20, outputs: 8, kernel: 1, stride: 2, ...SYMMETRIC, activation: 'linear' },
  { side: [5, 7], inputs: 8, outputs: 72, kernel: 1, stride: 1, ...SYMMETRIC, activation: 'relu', residual: true },
] as const)('a convolution, %o', (shape) => convolution(['fused-product', 'fused-convolution'], shape));

async function linear(
  candidates: readonly Candidate[],
  rows: readonly number[],
  inputs: number,
  outputs: number,
  activation: Activation,
  residual: boolean,
  bound?: number,
): Promise<void> {
  const layer = { kernel: numbers(inputs * outputs), bias: numbers(outputs), activation };
  const added = residual ? [...rows, outputs] : undefined;
  expect(await compared(candidates, [...rows, inputs], (layers) => layers.linear(layer), added, bound)).toBe(1);
}

async function convolution(
  candidates: readonly Candidate[],
  { side: [height, width], residual, ...shape }: Shape & { side: readonly [number, number]; residual: boolean },
  bound?: number,
): Promise<void> {
  const layer = convolutionOf(shape);
  const added = residual ? [2, outputsAlong(height, shape), outputsAlong(width, shape), shape.outputs] : undefined;
  const make = (layers: Layers<tf.Tensor>) => layers.convolution(layer);
  expect(await compared(candidates, [2, height, width, shape.inputs], make, added, bound)).toBe(1);
}

interface Shape {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
  readonly activation: Activation;
  readonly depthwise?: boolean;
}

function convolutionOf({ depthwise = false, ...shape }: Shape): Convolution {
  const { inputs, outputs, kernel } = shape;
  const filter = numbers(kernel * kernel * (depthwise ? 1 : inputs) * outputs);
  return { ...shape, depthwise, filter, bias: numbers(outputs) };
}

function squeezeOf(
  channels: number,
  reduced: number,
  activation: Activation,
  gate: SqueezeExcite['gate'],
): SqueezeExcite {
  const shape = { inputs: channels, outputs: channels, kernel: 3, stride: 1, padding: 'symmetric' } as const;
  return {
    convolution: convolutionOf({ ...shape, activation: 'silu', depthwise: true }),
    reduce: { kernel: numbers(channels * reduced, 0.1), bias: numbers(reduced), activation },
    expand: { kernel: numbers(channels * reduced, 0.1), bias: numbers(channels), activation: 'linear' },
    gate,
  };
}

function outputsAlong(
  length: number,
  { kernel, stride, padding }: Pick<Shape, 'kernel' | 'stride' | 'padding'>,
): number {
  if (padding === 'same') return Math.ceil(length / stride);
  const padded = padding === 'symmetric' ? length + kernel - 1 : length;
  return Math.floor((padded - kernel) / stride) + 1;
}

test('bytes of crops are normalised where they are unpacked', async () => {
  const pixels = Uint8Array.from({ length: 2 * 6 * 6 * 3 }, (_, i) => (i * 37) % 256);
  const [scale, shift] = [
    [0.1, 0.02, 3],
    [-1, 2, 0.5],
  ] as const;
  const before = tf.memory().numTensors;
  const crops = tf.tidy(() => unpackedCrops(pixels, [2, 6, 6, 3], scale, shift));
  const found = Float32Array.from(await crops.data());
  crops.dispose();
  expect(tf.memory().numTensors).toBe(before);
  const expected = Float32Array.from(pixels, (byte, i) => byte * (scale[i % 3] ?? 0) + (shift[i % 3] ?? 0));
  expect(relativeError(found, expected)).toBeLessThan(1e-6);
});

test('what is compiled ahead is not computed, and is there when it is', async () => {
  const before = tf.memory().numTensors;
  const programs = vi.spyOn(GPUDevice.prototype, 'createComputePipeline');
  const compiled = vi.spyOn(GPUDevice.prototype, 'createComputePipelineAsync');
  chooseCandidates(['fused-product']);
  const tensors = networkTensors();
  const kernel = numbers(8 * 12);
  const layer = await webgpuLayers(tensors, () => {}).linear({ kernel, bias: numbers(12), activation: 'hard-swish' });
  const x = tf.tensor2d(numbers(3 * 8), [3, 8]);
  const added = tf.tensor2d(numbers(3 * 12), [3, 12]);
  const pass = () => tf.tidy(() => layer(x, added));
  await compiledAhead(() => pass().dispose());
  const all = pass();
  expect((await all.data()).length).toBe(36);
  expect(compiled).toHaveBeenCalled();
  expect(programs).not.toHaveBeenCalled();
  programs.mockRestore();
  compiled.mockRestore();
  tf.dispose([x, added, all]);
  tensors.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
