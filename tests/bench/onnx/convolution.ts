import { batchNormAffine } from '../../../src/models/fold.ts';
import type { WeightSource } from '../../../src/models/parameters.ts';
import type { Graph } from './graph.ts';

/** A graph under construction, with the parameters it is made of. */
export interface Construction {
  readonly graph: Graph;
  readonly source: WeightSource;
  readonly images: number;
}

export interface ConvolutionOptions {
  readonly stride?: number;
  readonly activation?: 'linear' | 'relu' | 'silu';
  readonly depthwise?: boolean;
  /** As TensorFlow pads. */
  readonly same?: boolean;
  readonly epsilon?: number;
}

/** A convolution with its batch norm folded into it, as exporters write it. */
export async function normedConvolution(
  { graph, source }: Construction,
  x: string,
  [name, norm]: readonly [string, string],
  { stride = 1, activation = 'linear', depthwise = false, same = false, epsilon = 1e-5 }: ConvolutionOptions,
): Promise<string> {
  const shape = shapeOf(source, `${name}.weight`);
  const [outputs = 0, , kernel = 0] = shape;
  const read = (part: string) => source.read(`${norm}.${part}`);
  const { scale, shift } = batchNormAffine(
    await read('weight'),
    await read('bias'),
    await read('running_mean'),
    await read('running_var'),
    epsilon,
  );
  const weight = await source.read(`${name}.weight`);
  const each = weight.length / outputs;
  const folded = weight.map((value, i) => value * (scale[Math.floor(i / each)] ?? 0));
  const padding = (kernel - 1) / 2;
  const y = graph.node('Conv', [x, graph.floats(folded, shape), graph.floats(Float32Array.from(shift), [outputs])], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    group: depthwise ? outputs : 1,
    ...(same ? { auto_pad: 'SAME_UPPER' } : { pads: [padding, padding, padding, padding] }),
  });
  if (activation === 'relu') return graph.node('Relu', [y]);
  return activation === 'silu' ? silu(graph, y) : y;
}

/** A 1 × 1 convolution with its own bias. */
export async function pointwise({ graph, source }: Construction, x: string, name: string): Promise<string> {
  const shape = shapeOf(source, `${name}.weight`);
  const weight = graph.floats(await source.read(`${name}.weight`), shape);
  const bias = graph.floats(await source.read(`${name}.bias`), [shape[0] ?? 0]);
  return graph.node('Conv', [x, weight, bias], { kernel_shape: [1, 1] });
}

export function silu(graph: Graph, x: string): string {
  return graph.node('Mul', [x, graph.node('Sigmoid', [x])]);
}

export function shapeOf(source: WeightSource, name: string): readonly number[] {
  const shape = source.shape(name);
  if (!shape) throw new Error(`There is no ${name}.`);
  return shape;
}
