import type * as tf from '@tensorflow/tfjs';
import type { Parameters } from './parameters.ts';

/**
 * Normalised images [N, 224, 224, 3] → features [N, D]. Runs in the caller's tf.tidy; the input stays the caller's.
 */
export type Forward = (input: tf.Tensor4D) => tf.Tensor2D;

/** Called after every layer or block of a forward pass: a worker thereby shows that it lives. */
export type OnStep = () => void;

/**
 * Builds a network of parameters, which own its tensors.
 * @throws AppError 'weights-mismatch' for a parameter that is missing or has another shape.
 */
export type Network = (parameters: Parameters, onStep: OnStep) => Promise<Forward>;
