import * as tf from '@tensorflow/tfjs';
import type { Backend, Program } from './program.ts';
import { unrolled } from './wgsl.ts';

const PRODUCT = 'LikenessProduct';

/** Outputs of a thread: rows, and fours of each. */
const ROWS = 8;
const FOURS = 2;
/** Threads of a workgroup, across and down. */
const [ACROSS, DOWN] = [8, 4];

/** Adds products without workgroup memory. */
export function registerProduct(backend: Backend): void {
  tf.registerKernel({
    kernelName: PRODUCT,
    backendName: 'webgpu',
    kernelFunc({ inputs: { a, b, bias } }) {
      if (!a || !b || !bias) throw new Error(`${PRODUCT} wants two matrices and a bias.`);
      const [rows = 0] = a.shape;
      const [inputs = 0, outputs = 0] = b.shape;
      if (inputs % 4 !== 0 || outputs % 4 !== 0) throw new Error(`${PRODUCT} wants rows of fours.`);
      const program: Program = {
        shaderKey: `likeness_${PRODUCT}`,
        variableNames: ['A', 'B', 'bias'],
        outputShape: [rows, outputs],
        outputComponent: 4,
        workgroupSize: [ACROSS, DOWN, 1],
        dispatchLayout: { x: [1], y: [0] },
        dispatch: [Math.ceil(outputs / (4 * FOURS * ACROSS)), Math.ceil(rows / (ROWS * DOWN)), 1],
        getUserCode: productWgsl,
      };
      return backend.runWebGPUProgram(program, [a, b, bias], 'float32');
    },
  });
}

/**
 * a · b + bias, [rows, inputs] · [inputs, outputs] + [outputs], on a backend that has the kernel; inputs and outputs are
 * multiples of 4. The inputs stay the caller's.
 */
export function product(a: tf.Tensor2D, b: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.engine().runKernel<tf.Tensor2D>(PRODUCT, { a, b, bias });
}

const each = (line: (row: number, four: number) => string) =>
  unrolled(ROWS, (row) => unrolled(FOURS, (four) => line(row, four)));

/**
 * A thread keeps its sums in registers and reads both matrices from where they lie: no workgroup memory, no barriers. Threads
 * beyond the last row or four read these, whose numbers do no harm, and write nothing.
 */
function productWgsl(): string {
  return `
  fn main() {
    let fours = uniforms.outShape[1] / 4;
    let rows = uniforms.outShape[0];
    let inputs = uniforms.aShape[1] / 4;
    let first = i32(globalId.y) * ${ROWS};
    let column = i32(globalId.x) * ${FOURS};
    ${unrolled(ROWS, (row) => `let row${row} = min(first + ${row}, rows - 1) * inputs;`)}
    ${unrolled(FOURS, (four) => `let column${four} = min(column + ${four}, fours - 1);`)}
    ${each((row, four) => `var sum${row}_${four} = bias[column${four}];`)}
    for (var input = 0; input < inputs; input++) {
      ${unrolled(ROWS, (row) => `let a${row} = A[row${row} + input];`)}
      ${unrolled(
        4,
        (lane) => `{
          ${unrolled(FOURS, (four) => `let b${four} = B[(input * 4 + ${lane}) * fours + column${four}];`)}
          ${each((row, four) => `sum${row}_${four} += a${row}[${lane}] * b${four};`)}
        }`,
      )}
    }
    ${each((row, four) => `if (first + ${row} < rows && column + ${four} < fours) { result[(first + ${row}) * fours + column + ${four}] = sum${row}_${four}; }`)}
  }`;
}
