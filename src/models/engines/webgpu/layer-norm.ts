import * as tf from '@tensorflow/tfjs';
import { uses } from './candidates.ts';
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
    const grouped = uses('subgroups');
    const program: Program = {
      shaderKey: `likeness_${LAYER_NORM}_${parts}_${grouped}`,
      variableNames: ['A'],
      uniforms: 'epsilon : f32,',
      outputShape: [tf.util.sizeFromShape(shape) / width, width],
      outputComponent: 4,
      workgroupSize: [WORKGROUP, 1, 1],
      dispatchLayout: { x: [0, 1] },
      dispatch: [tf.util.sizeFromShape(shape) / width, 1, 1],
      getUserCode: () => layerNormWgsl(parts, grouped ? BY_SUBGROUPS : BY_TREE),
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

/** A function `total` of all threads' numbers, by halves. */
const BY_TREE = `
  var<workgroup> sums : array<vec2<f32>, ${WORKGROUP}>;

  fn total(own : vec2<f32>, turn : u32) -> vec2<f32> {
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
  }`;

/**
 * The same with one barrier: a subgroup's sum stands where its first thread's would, zeros elsewhere, and every subgroup
 * adds all of them up. Right for subgroups of any size, and whichever threads they have. Each of two turns has places of
 * its own.
 */
const BY_SUBGROUPS = `
  enable subgroups;
  var<workgroup> sums : array<vec2<f32>, ${2 * WORKGROUP}>;

  fn total(own : vec2<f32>, turn : u32) -> vec2<f32> {
    let begin = turn * ${WORKGROUP}u;
    let grouped = subgroupAdd(own);
    sums[begin + localIndex] = select(vec2<f32>(0.0), grouped, subgroupElect());
    let threads = subgroupAdd(1u);
    let rank = subgroupExclusiveAdd(1u);
    workgroupBarrier();
    var rest = vec2<f32>(0.0);
    for (var place = rank; place < ${WORKGROUP}u; place += threads) { rest += sums[begin + place]; }
    return subgroupAdd(rest);
  }`;

/**
 * The corrected two-pass algorithm (Chan, Golub & LeVeque 1983): the mean's own rounding is what the centred numbers
 * still sum up to, and both sums are made at once. Rows are counted by `index`, since the backend folds a dispatch that
 * is too long; beyond the last row, threads compute along with the others, which wait for them, and write nothing.
 */
function layerNormWgsl(parts: number, total: string): string {
  const column = (part: number) => `thread + ${part * WORKGROUP}`;
  return `
  ${total}

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
    let mean = total(vec2<f32>(sum, 0.0), 0u).x / width;
    var centred = vec2<f32>(0.0);
    ${unrolled(
      parts,
      (p) => `if (${column(p)} < columns) {
        part${p} -= mean;
        centred += vec2<f32>(dot(part${p}, one), dot(part${p}, part${p}));
      }`,
    )}
    let means = total(centred, 1u) / width;
    let scale = 1.0 / sqrt(max(means.y - means.x * means.x, 0.0) + uniforms.epsilon);
    if (row < rows) {
      ${unrolled(parts, (p) => `if (${column(p)} < columns) { result[begin + ${column(p)}] = (part${p} - means.x) * scale; }`)}
    }
  }`;
}
