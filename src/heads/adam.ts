import { arraysOf, type Parameters, zerosLike } from './parameters.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Adam's memory. Updated in place. */
export interface AdamState {
  /** Steps taken. */
  steps: number;
  /** Running mean of the gradients. */
  readonly first: Parameters;
  /** Running mean of their squares. */
  readonly second: Parameters;
}

export function startAdam(parameters: Parameters): AdamState {
  return { steps: 0, first: zerosLike(parameters), second: zerosLike(parameters) };
}

/**
 * One step of Adam (Kingma & Ba 2015, algorithm 1), in place, with weight decay as an L2 penalty in the gradient, as
 * torch.optim.Adam has it. Plain arrays: one pass takes 4 ms for a million parameters, TensorFlow.js's eleven took 10
 * on WASM.
 */
export function adamStep(
  parameters: Parameters,
  gradients: Parameters,
  state: AdamState,
  { learningRate, weightDecay }: { readonly learningRate: number; readonly weightDecay: number },
): void {
  state.steps++;
  const rate = learningRate / (1 - BETA1 ** state.steps);
  const correction = 1 / Math.sqrt(1 - BETA2 ** state.steps);
  const gradientArrays = arraysOf(gradients);
  const firstArrays = arraysOf(state.first);
  const secondArrays = arraysOf(state.second);
  arraysOf(parameters).forEach((values, i) => {
    update(
      values,
      gradientArrays[i] as Float32Array,
      firstArrays[i] as Float32Array,
      secondArrays[i] as Float32Array,
      rate,
      correction,
      weightDecay,
    );
  });
}

function update(
  values: Float32Array,
  gradients: Float32Array,
  first: Float32Array,
  second: Float32Array,
  rate: number,
  correction: number,
  weightDecay: number,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const gradient = (gradients[i] as number) + weightDecay * value;
    const mean = BETA1 * (first[i] as number) + (1 - BETA1) * gradient;
    const square = BETA2 * (second[i] as number) + (1 - BETA2) * gradient * gradient;
    first[i] = mean;
    second[i] = square;
    values[i] = value - (rate * mean) / (Math.sqrt(square) * correction + EPSILON);
  }
}
