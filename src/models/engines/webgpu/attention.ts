import * as tf from '@tensorflow/tfjs';
import { attentionWgsl, DEPTH, QUERIES, WORKGROUP } from './attention-wgsl.ts';
import { type Backend, numberOf, type Program, registerKernel } from './program.ts';

const ATTENTION = 'LikenessAttention';

/** Adds attention as one kernel. */
export function registerAttention(backend: Backend): void {
  registerKernel(backend, ATTENTION, ({ shape }, attributes) => {
    const asking = numberOf(ATTENTION, attributes, 'asking');
    const [images = 0, tokens = 0, triple = 0] = shape;
    const width = triple / 3;
    if (asking > tokens) throw new Error(`${ATTENTION} has ${tokens} tokens, not ${asking}.`);
    const program: Program = {
      shaderKey: `likeness_${ATTENTION}`,
      variableNames: ['A'],
      outputShape: [images, asking, width],
      outputComponent: 4,
      workgroupSize: [WORKGROUP, 1, 1],
      dispatchLayout: { x: [1], y: [2], z: [0] },
      // Neighbours share keys and values: a head's tiles of queries come one after the other.
      dispatch: [Math.ceil(asking / QUERIES), width / DEPTH, images],
      getUserCode: attentionWgsl,
    };
    return { program };
  });
}

/**
 * Queries, keys and values [N, T, 3 · width], the queries already divided by √depth → what the first `asking` tokens
 * gather [N, asking, width], on a backend that has the kernel. `depth`, a head's, is 64. The input stays the caller's.
 */
export function attend(qkv: tf.Tensor3D, asking: number, width: number, depth: number): tf.Tensor3D {
  if (depth !== DEPTH || qkv.shape[2] !== 3 * width) throw new Error(`${ATTENTION} wants heads of ${DEPTH}.`);
  return tf.engine().runKernel<tf.Tensor3D>(ATTENTION, { x: qkv }, { asking });
}
