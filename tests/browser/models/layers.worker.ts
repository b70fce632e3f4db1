import * as tf from '@tensorflow/tfjs';
import { openEngine } from '../../../src/models/engines/engine.ts';
import type { Layer, Layers } from '../../../src/models/engines/layers.ts';
import { networkTensors } from '../../../src/models/engines/tensors.ts';
import { openWasmKernels } from '../../../src/models/engines/wasm/kernels.ts';
import { wasmLayers } from '../../../src/models/engines/wasm/layers.ts';
import type { Share } from '../../../src/models/engines/wasm/team.ts';
import { serve } from '../../../src/workers/serve.ts';

/** Methods of Layers that make a layer, and those that are one, with what they take. */
type Made = 'convolution' | 'linear' | 'layerNorm' | 'attention' | 'attentionPool' | 'squeezeExcite' | 'tokens';
export type Step =
  | {
      readonly [K in Made]: {
        readonly make: K;
        readonly of: Parameters<Layers<tf.Tensor>[K]>[0];
        /** What is added before its activation: the result of the step of that number; −1 is the input. */
        readonly residual?: number;
      };
    }[Made]
  | { readonly call: 'meanPool' }
  | { readonly call: 'maxPool'; readonly kernel: number; readonly stride: number }
  | { readonly call: 'firstTokens'; readonly count: number }
  | { readonly call: 'add'; readonly to: number };

/** Layers of the WASM engine, one after the other, on an image of formula's values. */
export interface LayersWorker {
  run(
    steps: readonly Step[],
    x: Float32Array,
    shape: readonly number[],
    share: Share | null,
  ): Promise<{ values: Float32Array; tensorsLeft: number }>;
}

const worker: LayersWorker = {
  async run(steps, values, shape, share) {
    const engine = await openEngine('wasm');
    const kernels = await openWasmKernels();
    if (!kernels || !engine.together) throw new Error('The kernels did not open.');
    const before = tf.memory().numTensors;
    const tensors = networkTensors();
    const layers = wasmLayers(tensors, () => {}, kernels);
    const made: ((results: readonly tf.Tensor[], x: tf.Tensor) => tf.Tensor)[] = [];
    for (const step of steps) made.push(await prepared(layers, step));
    const compute = async () => {
      const result = tf.tidy(() => {
        const results = [tf.tensor([...values], [...shape])];
        for (const apply of made) results.push(apply(results, results.at(-1) as tf.Tensor));
        return kernels.whole(results.at(-1) as tf.Tensor);
      });
      const data = Float32Array.from(await result.data());
      result.dispose();
      return data;
    };
    const data = await (share ? engine.together(share, compute) : compute());
    tensors.dispose();
    return { values: data, tensorsLeft: tf.memory().numTensors - before };
  },
};
serve(worker);

async function prepared(layers: Layers<tf.Tensor>, step: Step) {
  if ('make' in step) {
    const layer = await layerOf(layers, step);
    const { residual } = step;
    return (results: readonly tf.Tensor[], x: tf.Tensor) =>
      residual === undefined ? layer(x) : layer(x, results[residual + 1]);
  }
  return (results: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor => {
    switch (step.call) {
      case 'meanPool':
        return layers.meanPool(x);
      case 'maxPool':
        return layers.maxPool(x, step.kernel, step.stride);
      case 'firstTokens':
        return layers.firstTokens(x, step.count);
      case 'add':
        return layers.add(x, results[step.to + 1] as tf.Tensor);
    }
  };
}

function layerOf(layers: Layers<tf.Tensor>, step: Extract<Step, { make: Made }>): Promise<Layer<tf.Tensor>> {
  switch (step.make) {
    case 'convolution':
      return layers.convolution(step.of);
    case 'linear':
      return layers.linear(step.of);
    case 'layerNorm':
      return layers.layerNorm(step.of);
    case 'attention':
      return layers.attention(step.of);
    case 'attentionPool':
      return layers.attentionPool(step.of);
    case 'squeezeExcite':
      return layers.squeezeExcite(step.of);
    case 'tokens':
      return layers.tokens(step.of);
  }
}
