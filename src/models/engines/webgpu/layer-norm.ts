import * as tf from '@tensorflow/tfjs';
import { type Backend, numberOf, type Program, registerKernel } from './program.ts';
import { unrolled } from './wgsl.ts';

const LAYER_NORM = 'LikenessLayerNorm';

/** Threads of a workgroup, which computes one row: a power of two. Each keeps its part of the row in registers. */
const WORKGROUP = 64;

/** Adds layer norm without its affine half: a row is read once and written once. */
export function registerLayerNorm(backend: Backend): void {
  registerKernel(backend, LAYER_NORM, ({ shape }, attributes) => {
    const width = shape.at(-1) ?? 0;
    if (width % 4 !== 0) throw new Error(`${LAYER_NORM} wants rows of fours.`);
    const parts = Math.ceil(width / 4 / WORKGROUP);
    const program: Program = {
      shaderKey: `likeness_${LAYER_NORM}_${parts}`,
      variableNames: ['A'],
      uniforms: 'epsilon : f32,',
      outputShape: [tf.util.sizeFromShape(shape) / width, width],
      outputComponent: 4,
      workgroupSize: [WORKGROUP, 1, 1],
      dispatchLayout: { x: [0, 1] },
      dispatch: [tf.util.sizeFromShape(shape) / width, 1, 1],
      getUserCode: () => layerNormWgsl(parts),
    };
    return { program, numbers: [numberOf(LAYER_NORM, attributes, 'epsilon')] };
  });
}

/**
 * Layer norm (Ba et al. 2016) without its affine half, over the last dimension, a multiple of 4; on a backend that has the
 * kernel. The input stays the caller's.
 */
export function layerNorm(x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.reshape(tf.engine().runKernel(LAYER_NORM, { x }, { epsilon }), x.shape);
}

/**
 * The corrected two-pass algorithm (Chan, Golub & LeVeque 1983): the mean's own rounding is what the centred numbers
 * still sum up to, and both sums are made at once. Rows are counted by `index`, since the backend folds a dispatch that
 * is too long; beyond the last row, threads compute along with the others, which wait for them, and write nothing.
 */
function layerNormWgsl(parts: number): string {
  const column = (part: number) => `thread + ${part * WORKGROUP}`;
  return `
  var<workgroup> sums : array<vec2<f32>, ${WORKGROUP}>;

  fn total(own : vec2<f32>) -> vec2<f32> {
    sums[localIndex] = own;
    workgroupBarrier();
    for (var span = ${WORKGROUP / 2}u; span > 0u; span = span / 2u) {
      if (localIndex < span) {
        sums[localIndex] = sums[localIndex] + sums[localIndex + span];
      }
      workgroupBarrier();
    }
    let all = sums[0];
    workgroupBarrier();
    return all;
  }

  fn main(index : i32) {
    let thread = i32(localIndex);
    let row = index / ${WORKGROUP};
    let rows = uniforms.outShape[0];
    let columns = uniforms.outShape[1] / 4;
    let width = f32(uniforms.outShape[1]);
    let begin = min(row, rows - 1) * columns;
    let one = vec4<f32>(1.0);
    ${unrolled(parts, (p) => `var part${p} = vec4<f32>(0.0); if (${column(p)} < columns) { part${p} = A[begin + ${column(p)}]; }`)}
    var sum = 0.0;
    ${unrolled(parts, (p) => `sum += dot(part${p}, one);`)}
    let mean = total(vec2<f32>(sum, 0.0)).x / width;
    var centred = vec2<f32>(0.0);
    ${unrolled(
      parts,
      (p) => `if (${column(p)} < columns) {
        part${p} -= mean;
        centred += vec2<f32>(dot(part${p}, one), dot(part${p}, part${p}));
      }`,
    )}
    let means = total(centred) / width;
    let scale = 1.0 / sqrt(max(means.y - means.x * means.x, 0.0) + uniforms.epsilon);
    if (row < rows) {
      ${unrolled(parts, (p) => `if (${column(p)} < columns) { result[begin + ${column(p)}] = (part${p} - means.x) * scale; }`)}
    }
  }`;
}
