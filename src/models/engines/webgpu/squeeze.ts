import type * as tf from '@tensorflow/tfjs';
import type { SqueezeExcite } from '../layers.ts';
import { asImages } from '../tensors.ts';
import { activationWgsl, sigmoidWgsl } from './activations.ts';
import { uses } from './candidates.ts';
import { dispatched, type Program } from './program.ts';
import { expOfNegative } from './wgsl.ts';

/** Threads of the workgroup that computes an image's gates, and of those that scale by them. */
const WORKGROUP = 256;
const SCALED = 64;

/** Of a squeeze-and-excitation: [C, reduced], [reduced], [reduced, C], [C]; C is a multiple of 4. */
export interface SqueezeWeights {
  readonly reduce: tf.Tensor2D;
  readonly reduceBias: tf.Tensor1D;
  readonly expand: tf.Tensor2D;
  readonly expandBias: tf.Tensor1D;
  readonly activation: SqueezeExcite['reduce']['activation'];
  readonly gate: SqueezeExcite['gate'];
}

/** x, [N, H, W, C], each image's channels scaled by their gates, in two dispatches; the input stays the caller's. */
export function squeezed(x: tf.Tensor4D, weights: SqueezeWeights): tf.Tensor4D {
  return scaled(x, gates(x, weights));
}

/** [N, H, W, C] → [N, C]: the means of all channels, two layers, the gate. A workgroup an image. */
function gates(
  x: tf.Tensor4D,
  { reduce, reduceBias, expand, expandBias, activation, gate }: SqueezeWeights,
): tf.Tensor {
  const [images, , , channels] = x.shape;
  const reduced = reduceBias.size;
  const fours = channels / 4;
  if (channels % 4 !== 0 || expandBias.size !== channels)
    throw new Error('Squeeze-and-excitation wants fours of channels.');
  const grouped = uses('subgroups');
  const program: Program = {
    shaderKey: `likeness_gates_${channels}_${reduced}_${activation}_${gate}_${grouped}`,
    variableNames: ['A', 'reduce', 'reduceBias', 'expand', 'expandBias'],
    variableComponents: [4, 1, 1, 4, 4],
    outputShape: [images, channels],
    outputComponent: 4,
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: [0], y: [1] },
    dispatch: [images, 1, 1],
    getUserCode: () => gatesWgsl(fours, reduced, activation, gate, grouped),
  };
  return dispatched(program, [x, reduce, reduceBias, expand, expandBias]);
}

function gatesWgsl(
  fours: number,
  reduced: number,
  activation: SqueezeWeights['activation'],
  gate: SqueezeWeights['gate'],
  grouped: boolean,
): string {
  // Where channels are few, several threads share the pixels of a four.
  const parts = Math.max(1, Math.floor(WORKGROUP / fours));
  const eachFour = (line: string) => `for (var four = thread; four < ${fours}; four += ${WORKGROUP}) { ${line} }`;
  const sigmoid =
    activation === 'silu' ? '' : `${expOfNegative('expOfNegative', 'vec4<f32>')} ${sigmoidWgsl('vec4<f32>')}`;
  // No more than 16,384 bytes, which every device has: the means take the place of the first sums.
  return `
  ${grouped ? 'enable subgroups; diagnostic(off, subgroup_uniformity);' : ''}
  var<workgroup> sums : array<vec4<f32>, ${parts * fours}>;
  var<workgroup> hidden : array<f32, ${reduced}>;
  ${activationWgsl(activation, 'vec4<f32>')}
  ${gate === 'sigmoid' ? sigmoid : ''}
  fn main() {
    let thread = i32(localIndex);
    let image = i32(workgroupId.x);
    let pixels = uniforms.aShape[1] * uniforms.aShape[2];
    for (var place = thread; place < ${parts * fours}; place += ${WORKGROUP}) {
      var sum = vec4<f32>(0.0);
      for (var pixel = place / ${fours}; pixel < pixels; pixel += ${parts}) {
        sum += A[(image * pixels + pixel) * ${fours} + place % ${fours}];
      }
      sums[place] = sum;
    }
    workgroupBarrier();
    ${eachFour(`
      var sum = sums[four];
      for (var part = 1; part < ${parts}; part++) { sum += sums[part * ${fours} + four]; }
      sums[four] = sum / f32(pixels);`)}
    workgroupBarrier();
    ${grouped ? bySubgroups(fours, reduced) : byThreads(fours, reduced)}
    workgroupBarrier();
    ${eachFour(`
      var sum = expandBias[four];
      for (var input = 0; input < ${reduced}; input++) { sum += hidden[input] * expand[input * ${fours} + four]; }
      result[image * ${fours} + four] = ${gate === 'sigmoid' ? 'sigmoid(sum)' : 'clamp(sum, vec4<f32>(0.0), vec4<f32>(1.0))'};`)}
  }`;
}

/** The sum of four inputs' products for an output. */
const product = (reduced: number) => `
        let at = four * ${4 * reduced} + output;
        sum += dot(sums[four], vec4<f32>(reduce[at], reduce[at + ${reduced}], reduce[at + ${2 * reduced}], reduce[at + ${3 * reduced}]));`;

/** The reducing layer, a thread an output. */
const byThreads = (fours: number, reduced: number) => `
    for (var output = thread; output < ${reduced}; output += ${WORKGROUP}) {
      var sum = reduceBias[output];
      for (var four = 0; four < ${fours}; four++) { ${product(reduced)} }
      hidden[output] = activated(vec4<f32>(sum)).x;
    }`;

/**
 * The same, a subgroup an output: outputs are few, and most threads would wait. Right where the threads of a subgroup follow
 * each other, which the language does not promise; they leave the loop together, which it cannot tell.
 */
const bySubgroups = (fours: number, reduced: number) => `
    let threads = i32(subgroupAdd(1u));
    let rank = i32(subgroupExclusiveAdd(1u));
    for (var output = thread / threads; output < ${reduced}; output += ${WORKGROUP} / threads) {
      var sum = 0.0;
      for (var four = rank; four < ${fours}; four += threads) { ${product(reduced)} }
      let whole = subgroupAdd(sum) + reduceBias[output];
      if (rank == 0) { hidden[output] = activated(vec4<f32>(whole)).x; }
    }`;

/** x with every image's channels times its gates [N, C]. */
function scaled(x: tf.Tensor4D, factors: tf.Tensor): tf.Tensor4D {
  const program: Program = {
    shaderKey: 'likeness_scaled',
    variableNames: ['A', 'gates'],
    outputShape: x.shape,
    outputComponent: 4,
    size: true,
    workgroupSize: [SCALED, 1, 1],
    dispatchLayout: { x: [0, 1, 2, 3] },
    dispatch: [Math.ceil(x.size / 4 / SCALED), 1, 1],
    getUserCode: () => `
  fn main(index : i32) {
    if (index < uniforms.size) {
      let fours = uniforms.outShape[3] / 4;
      let image = index / (uniforms.outShape[1] * uniforms.outShape[2] * fours);
      result[index] = A[index] * gates[image * fours + index % fours];
    }
  }`,
  };
  return asImages(dispatched(program, [x, factors]));
}
