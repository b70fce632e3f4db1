import type * as tf from '@tensorflow/tfjs';
import type { Activation } from '../layers.ts';
import { asImages } from '../tensors.ts';
import type { Geometry } from '../wasm/taps.ts';
import { epilogueKey, epilogueWgsl } from './epilogue.ts';
import { dispatched, type Program } from './program.ts';
import { unrolled } from './wgsl.ts';

/** Neighbouring outputs of a row that a thread computes, of four channels: they share most of what they read. */
const ALONG = 4;
/** Threads of a workgroup: fours of channels, groups of outputs, rows. */
const [CHANNELS, GROUPS, ROWS] = [8, 4, 2];

/** Of a depthwise layer: its filter [kernel, kernel, channels, 1], channels a multiple of 4, its bias, and its activation. */
export interface DepthwiseWeights {
  readonly filter: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
  readonly activation: Activation;
}

/** activation(x ∗ filter + bias), each channel by its own filter, in one dispatch; the input stays the caller's. */
export function depthwise(
  x: tf.Tensor4D,
  shape: Geometry,
  { filter, bias, activation }: DepthwiseWeights,
): tf.Tensor4D {
  const [images, height, width, channels] = x.shape;
  const { rows: kernel, stride, outHeight, outWidth, above, left } = shape;
  if (channels % 4 !== 0 || bias.size !== channels || height !== shape.height || width !== shape.width) {
    throw new Error('The depthwise convolution has another shape.');
  }
  const epilogue = { activation, residual: false };
  const program: Program = {
    shaderKey: `likeness_depthwise_${kernel}_${stride}_${epilogueKey(epilogue)}`,
    variableNames: ['A', 'W', 'bias'],
    uniforms: 'padding : vec2<i32>,',
    outputShape: [images, outHeight, outWidth, channels],
    outputComponent: 4,
    workgroupSize: [CHANNELS, GROUPS, ROWS],
    dispatchLayout: { x: [3], y: [2], z: [0, 1] },
    dispatch: [
      Math.ceil(channels / 4 / CHANNELS),
      Math.ceil(outWidth / ALONG / GROUPS),
      Math.ceil((images * outHeight) / ROWS),
    ],
    getUserCode: () => depthwiseWgsl(kernel, stride, epilogueWgsl(epilogue)),
  };
  return asImages(dispatched(program, [x, filter, bias], [{ type: 'int32', data: [above, left] }]));
}

/** A row of inputs is read once for its outputs. Threads beyond the last row or channel read these, and write nothing. */
function depthwiseWgsl(kernel: number, stride: number, write: string): string {
  const columns = (ALONG - 1) * stride + kernel;
  return `
  ${write}
  fn main() {
    let fours = uniforms.outShape[3] / 4;
    let four = min(i32(globalId.x), fours - 1);
    let first = i32(globalId.y) * ${ALONG};
    let rows = uniforms.outShape[0] * uniforms.outShape[1];
    let row = min(i32(globalId.z), rows - 1);
    let height = uniforms.aShape[1];
    let width = uniforms.aShape[2];
    let image = row / uniforms.outShape[1] * height;
    let top = row % uniforms.outShape[1] * ${stride} - uniforms.padding[0];
    let begin = first * ${stride} - uniforms.padding[1];
    ${unrolled(ALONG, (i) => `var sum${i} = bias[four];`)}
    for (var down = 0; down < ${kernel}; down++) {
      let y = top + down;
      if (y < 0 || y >= height) { continue; }
      let line = (image + y) * width;
      ${unrolled(
        columns,
        (i) => `let x${i} = begin + ${i};
      let inside${i} = x${i} >= 0 && x${i} < width;
      let a${i} = select(vec4<f32>(0.0), A[(line + select(0, x${i}, inside${i})) * fours + four], inside${i});`,
      )}
      ${unrolled(
        kernel,
        (tap) => `let w${tap} = W[(down * ${kernel} + ${tap}) * fours + four];
      ${unrolled(ALONG, (i) => `sum${i} += a${i * stride + tap} * w${tap};`)}`,
      )}
    }
    if (i32(globalId.x) < fours && i32(globalId.z) < rows) {
      ${unrolled(ALONG, (i) => `if (first + ${i} < uniforms.outShape[2]) { write((row * uniforms.outShape[2] + first + ${i}) * fours + four, sum${i}); }`)}
    }
  }`;
}
