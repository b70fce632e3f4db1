import type { Activation } from '../layers.ts';
import { activationWgsl } from './activations.ts';

/** What becomes of a sum before it is written: the residual is added, then comes the activation. */
export interface Epilogue {
  readonly activation: Activation;
  readonly residual: boolean;
}

/** What a program's shader key must say of it. */
export const epilogueKey = ({ activation, residual }: Epilogue): string =>
  `${activation}_${residual ? 'added' : 'alone'}`;

/** A function `write` of a place in the result, in fours, and its sum. The residual is an input of that name, laid out as the result. */
export function epilogueWgsl({ activation, residual }: Epilogue): string {
  return `
  ${activationWgsl(activation, 'vec4<f32>')}
  fn write(place : i32, sum : vec4<f32>) {
    result[place] = activated(sum${residual ? ' + residual[place]' : ''});
  }`;
}
