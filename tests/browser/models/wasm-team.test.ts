import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import type { Convolution, Linear } from '../../../src/models/engines/layers.ts';
import { createTeamMemory } from '../../../src/models/engines/wasm/team.ts';
import { connect } from '../../../src/workers/connect.ts';
import type { LayersWorker, Step } from './layers.worker.ts';

const workers = Array.from({ length: 3 }, () =>
  connect<LayersWorker>(new Worker(new URL('./layers.worker.ts', import.meta.url), { type: 'module' })),
);
afterAll(() => {
  for (const { close } of workers) close();
});

const random = seededRandom(11);
const numbers = (length: number) => Float32Array.from({ length }, () => random.gaussian());

function convolution(inputs: number, outputs: number, rest: Partial<Convolution> = {}): Convolution {
  const { kernel = 1, depthwise = false } = rest;
  const filter = numbers(kernel * kernel * (depthwise ? 1 : inputs) * outputs);
  const shape = { kernel, stride: 1, padding: 'symmetric', depthwise, activation: 'linear' } as const;
  return { filter, bias: numbers(outputs), inputs, outputs, ...shape, ...rest };
}
const convolve = (...[inputs, outputs, rest]: Parameters<typeof convolution>): Step => ({
  make: 'convolution',
  of: convolution(inputs, outputs, rest),
});
const linear = (inputs: number, outputs: number, activation: Linear['activation'] = 'linear'): Linear => ({
  ...{ kernel: numbers(inputs * outputs), bias: numbers(outputs), activation },
});
const norm = (width: number, affine = false): Step => ({
  make: 'layerNorm',
  of: {
    ...{ width, epsilon: 1e-6 },
    affine: affine ? { scale: Float64Array.from(numbers(width)), shift: Float64Array.from(numbers(width)) } : null,
  },
});
const attend = (width: number, heads: number, queries: number | null): Step => ({
  make: 'attention',
  of: { qkv: linear(width, 3 * width), width, heads, queries },
});

/** Before what is to be tested, so that it is given parts; halves and thirds divide few of the sides. */
const cases: Readonly<Record<string, { readonly shape: readonly number[]; readonly steps: readonly Step[] }>> = {
  'products, a residual': {
    shape: [1, 15, 13, 8],
    steps: [
      convolve(8, 16, { activation: 'silu' }),
      convolve(16, 16),
      { make: 'convolution', of: convolution(16, 16, { activation: 'relu' }), residual: 0 },
    ],
  },
  'a gathering product of stride 2, padded as TensorFlow does': {
    shape: [1, 15, 14, 8],
    steps: [convolve(8, 16), convolve(16, 24, { kernel: 3, stride: 2, padding: 'same', activation: 'silu' })],
  },
  'a gathering product of stride 2, padded evenly': {
    shape: [1, 14, 9, 8],
    steps: [convolve(8, 16), convolve(16, 24, { kernel: 5, stride: 2 }), convolve(24, 8)],
  },
  patches: {
    shape: [1, 28, 28, 3],
    steps: [convolve(3, 16, { kernel: 4, stride: 4, padding: 'none' }), convolve(16, 8)],
  },
  'a first convolution, of few channels': { shape: [1, 31, 30, 3], steps: [convolve(3, 16, { kernel: 7, stride: 2 })] },
  "Winograd's way, sides of 14, with a residual": {
    shape: [1, 14, 14, 32],
    steps: [
      convolve(32, 32),
      { make: 'convolution', of: convolution(32, 40, { kernel: 3, activation: 'relu' }) },
      convolve(40, 32),
      { make: 'convolution', of: convolution(32, 32, { kernel: 3, activation: 'relu' }), residual: 0 },
      convolve(32, 8),
    ],
  },
  "Winograd's way, sides of 7 and 33": {
    shape: [1, 7, 33, 32],
    steps: [
      convolve(32, 32),
      convolve(32, 32, { kernel: 3, activation: 'relu' }),
      convolve(32, 32, { kernel: 3, activation: 'relu' }),
    ],
  },
  'depthwise of strides 1 and 2': {
    shape: [1, 15, 16, 12],
    steps: [
      convolve(12, 24),
      convolve(24, 24, { kernel: 5, depthwise: true, activation: 'hard-swish' }),
      convolve(24, 24, { kernel: 3, stride: 2, padding: 'same', depthwise: true }),
      convolve(24, 24, { kernel: 7, depthwise: true }),
      convolve(24, 8),
    ],
  },
  'squeeze-and-excitation': {
    shape: [1, 13, 14, 16],
    steps: [
      convolve(16, 48, { activation: 'silu' }),
      {
        make: 'squeezeExcite',
        of: {
          convolution: convolution(48, 48, { kernel: 3, depthwise: true, activation: 'silu' }),
          ...{ reduce: linear(48, 4, 'silu'), expand: linear(4, 48), gate: 'sigmoid' },
        },
      },
      { make: 'convolution', of: convolution(48, 16), residual: -1 },
    ],
  },
  'norms, scaled or not': { shape: [1, 9, 11, 32], steps: [convolve(32, 32), norm(32), norm(32, true), norm(32)] },
  'a transformer block': {
    shape: [1, 49, 32],
    steps: [
      norm(32),
      attend(32, 2, null),
      { make: 'linear', of: linear(32, 32), residual: -1 },
      norm(32),
      { make: 'linear', of: linear(32, 128, 'gelu') },
      { make: 'linear', of: linear(128, 32), residual: 2 },
    ],
  },
  'attention of the first token alone': {
    shape: [1, 50, 32],
    steps: [{ make: 'linear', of: linear(32, 32) }, norm(32), attend(32, 4, 1), { make: 'linear', of: linear(32, 16) }],
  },
  'tokens of patches, and the first of them': {
    shape: [1, 16, 16, 3],
    steps: [
      convolve(3, 8, { kernel: 4, stride: 4, padding: 'none' }),
      { make: 'tokens', of: { prefix: numbers(8), positions: numbers(16 * 8), width: 8 } },
      { make: 'linear', of: linear(8, 16) },
      { call: 'firstTokens', count: 2 },
    ],
  },
  'what a learnt query gathers': {
    shape: [1, 40, 32],
    steps: [
      { make: 'linear', of: linear(32, 32) },
      { make: 'attentionPool', of: { scores: linear(32, 4), values: linear(32, 32), heads: 4 } },
    ],
  },
  "TensorFlow.js's pools and sums": {
    shape: [1, 12, 12, 8],
    steps: [
      convolve(8, 16),
      { call: 'maxPool', kernel: 3, stride: 2 },
      convolve(16, 16),
      { call: 'add', to: 1 },
      convolve(16, 16),
      { call: 'meanPool' },
      convolve(16, 8),
    ],
  },
  "TensorFlow.js's convolutions and products": {
    shape: [1, 10, 10, 8],
    steps: [
      convolve(8, 16),
      convolve(16, 12, { kernel: 3, activation: 'silu' }),
      convolve(12, 16),
      { make: 'linear', of: linear(16, 6) },
    ],
  },
  'two images, which a team computes one beside the other': {
    shape: [2, 9, 8, 16],
    steps: [convolve(16, 32), convolve(32, 32, { kernel: 3, depthwise: true }), norm(32)],
  },
};

test.each(Object.keys(cases).flatMap((name) => [2, 3].map((count) => [name, count] as const)))(
  '%s: a team of %d gives what one worker gives, bit for bit',
  async (name, count) => {
    const { shape = [], steps = [] } = cases[name] ?? {};
    const x = numbers(shape.reduce((product, side) => product * side, 1));
    const alone = await workers[0]?.api.run(steps, x, shape, null);
    const memory = createTeamMemory();
    const team = workers.slice(0, count);
    const all = await Promise.all(team.map(({ api }, index) => api.run(steps, x, shape, { memory, index, count })));
    expect(all).toHaveLength(count);
    expect(alone?.values.every(Number.isFinite)).toBe(true);
    for (const { values, tensorsLeft } of all) {
      expect(values).toEqual(alone?.values);
      expect(tensorsLeft).toBe(0);
    }
  },
);
