import * as tf from '@tensorflow/tfjs';
import { asImages } from '../tensors.ts';
import { dispatched, type Program } from './program.ts';

type Three = readonly [number, number, number];

const WORKGROUP = 64;

/**
 * 8-bit RGB → scale · x + shift of each channel, [images, side, side, 3]: the bytes are sent as they are, four in a number,
 * and unpacked in one dispatch. Their number is a multiple of 4.
 */
export function unpackedCrops(
  pixels: Uint8Array,
  shape: tf.Tensor4D['shape'],
  scale: Three,
  shift: Three,
): tf.Tensor4D {
  const words = new Int32Array(pixels.slice().buffer);
  const program: Program = {
    shaderKey: 'likeness_crops',
    variableNames: ['A'],
    variableComponents: [1],
    uniforms: 'scale : vec4<f32>, shift : vec4<f32>,',
    outputShape: shape,
    outputComponent: 4,
    size: true,
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: [0, 1, 2, 3] },
    dispatch: [Math.ceil(words.length / WORKGROUP), 1, 1],
    // Channels follow each other by threes, words have four: unpacked as fractions of 255.
    getUserCode: () => `
  fn main(index : i32) {
    if (index < uniforms.size) {
      let bytes = unpack4x8unorm(bitcast<u32>(A[index])) * 255.0;
      let channel = index % 3;
      let scale = uniforms.scale.xyz;
      let shift = uniforms.shift.xyz;
      let three = (vec4<i32>(channel) + vec4<i32>(0, 1, 2, 3)) % vec4<i32>(3);
      result[index] = bytes * vec4<f32>(scale[three.x], scale[three.y], scale[three.z], scale[three.w])
        + vec4<f32>(shift[three.x], shift[three.y], shift[three.z], shift[three.w]);
    }
  }`,
  };
  const packed = tf.tensor1d(words, 'int32');
  return asImages(
    dispatched(
      program,
      [packed],
      [
        { type: 'float32', data: [...scale, 0] },
        { type: 'float32', data: [...shift, 0] },
      ],
    ),
  );
}
