/** EfficientNet (Tan & Le 2019) and its second version (2021), whose early blocks are fused. After timm's efficientnet.py. */
import * as tf from '@tensorflow/tfjs';
import {
  type ConvolutionShape,
  type ConvolutionStyle,
  globalMean,
  inSequence,
  type Layer,
  normedConvolution,
  squeezeExcite,
} from './convolution.ts';
import type { Network, OnStep } from './network.ts';
import type { Parameters } from './parameters.ts';

const STEM_CHANNELS = 32;
const FEATURES = 1280;
/** Squeeze-and-excitation reduces to this share of the block's input channels. */
const SQUEEZE = 0.25;

interface BlockShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  /** Channels inside the block, as a multiple of its inputs. */
  readonly expansion: number;
}

type Block = (parameters: Parameters, name: string, shape: BlockShape, style: ConvolutionStyle) => Promise<Layer[]>;

interface Stage {
  readonly block: Block;
  readonly repeats: number;
  readonly kernel: number;
  /** Of the first block. */
  readonly stride: number;
  readonly expansion: number;
  readonly channels: number;
}

/** EfficientNet-B0, 1280 features. */
export const efficientnetB0: Network = (parameters, onStep) =>
  efficientnet(
    parameters,
    onStep,
    [
      { block: separable, repeats: 1, kernel: 3, stride: 1, expansion: 1, channels: 16 },
      { block: invertedResidual, repeats: 2, kernel: 3, stride: 2, expansion: 6, channels: 24 },
      { block: invertedResidual, repeats: 2, kernel: 5, stride: 2, expansion: 6, channels: 40 },
      { block: invertedResidual, repeats: 3, kernel: 3, stride: 2, expansion: 6, channels: 80 },
      { block: invertedResidual, repeats: 3, kernel: 5, stride: 1, expansion: 6, channels: 112 },
      { block: invertedResidual, repeats: 4, kernel: 5, stride: 2, expansion: 6, channels: 192 },
      { block: invertedResidual, repeats: 1, kernel: 3, stride: 1, expansion: 6, channels: 320 },
    ],
    { padding: 'symmetric', epsilon: 1e-5 },
  );

/** EfficientNetV2-B0 with TensorFlow's padding and batch-norm ε, 1280 features. */
export const tfEfficientnetV2B0: Network = (parameters, onStep) =>
  efficientnet(
    parameters,
    onStep,
    [
      { block: plain, repeats: 1, kernel: 3, stride: 1, expansion: 1, channels: 16 },
      { block: fusedResidual, repeats: 2, kernel: 3, stride: 2, expansion: 4, channels: 32 },
      { block: fusedResidual, repeats: 2, kernel: 3, stride: 2, expansion: 4, channels: 48 },
      { block: invertedResidual, repeats: 3, kernel: 3, stride: 2, expansion: 4, channels: 96 },
      { block: invertedResidual, repeats: 5, kernel: 3, stride: 1, expansion: 6, channels: 112 },
      { block: invertedResidual, repeats: 8, kernel: 3, stride: 2, expansion: 6, channels: 192 },
    ],
    { padding: 'same', epsilon: 1e-3 },
  );

async function efficientnet(
  parameters: Parameters,
  onStep: OnStep,
  stages: readonly Stage[],
  style: ConvolutionStyle,
): ReturnType<Network> {
  const stem: ConvolutionShape = { inputs: 3, outputs: STEM_CHANNELS, kernel: 3, stride: 2, activation: 'silu' };
  const layers = [await normedConvolution(parameters, ['conv_stem', 'bn1'], stem, style)];
  let inputs = STEM_CHANNELS;
  for (const [index, { block, repeats, kernel, expansion, channels, stride: firstStride }] of stages.entries()) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const stride = repeat === 0 ? firstStride : 1;
      const shape = { inputs, outputs: channels, kernel, stride, expansion };
      const inner = inSequence(await block(parameters, `blocks.${index}.${repeat}`, shape, style));
      layers.push(stride === 1 && inputs === channels ? (x) => tf.add(inner(x), x) : inner);
      inputs = channels;
    }
  }
  const head: ConvolutionShape = { inputs, outputs: FEATURES, kernel: 1, activation: 'silu' };
  layers.push(await normedConvolution(parameters, ['conv_head', 'bn2'], head, style), globalMean);
  const features = inSequence(layers, onStep);
  return (input) => features(input).reshape([input.shape[0], FEATURES]);
}

/** timm's `ConvBnAct`: one convolution. */
async function plain(
  parameters: Parameters,
  name: string,
  { inputs, outputs, kernel, stride }: BlockShape,
  style: ConvolutionStyle,
): Promise<Layer[]> {
  const shape: ConvolutionShape = { inputs, outputs, kernel, stride, activation: 'silu' };
  return [await normedConvolution(parameters, [`${name}.conv`, `${name}.bn1`], shape, style)];
}

/** timm's `DepthwiseSeparableConv`: depthwise, squeeze, project. */
async function separable(
  parameters: Parameters,
  name: string,
  { inputs, outputs, kernel, stride }: BlockShape,
  style: ConvolutionStyle,
): Promise<Layer[]> {
  const depthwise = channelwise(inputs, kernel, stride);
  return [
    await normedConvolution(parameters, [`${name}.conv_dw`, `${name}.bn1`], depthwise, style),
    await squeezeExcite(parameters, `${name}.se`, inputs, Math.round(inputs * SQUEEZE)),
    await normedConvolution(parameters, [`${name}.conv_pw`, `${name}.bn2`], { inputs, outputs, kernel: 1 }, style),
  ];
}

/** timm's `InvertedResidual`: expand, depthwise, squeeze, project. */
async function invertedResidual(
  parameters: Parameters,
  name: string,
  { inputs, outputs, kernel, stride, expansion }: BlockShape,
  style: ConvolutionStyle,
): Promise<Layer[]> {
  const width = inputs * expansion;
  const expand: ConvolutionShape = { inputs, outputs: width, kernel: 1, activation: 'silu' };
  const project: ConvolutionShape = { inputs: width, outputs, kernel: 1 };
  return [
    await normedConvolution(parameters, [`${name}.conv_pw`, `${name}.bn1`], expand, style),
    await normedConvolution(parameters, [`${name}.conv_dw`, `${name}.bn2`], channelwise(width, kernel, stride), style),
    await squeezeExcite(parameters, `${name}.se`, width, Math.round(inputs * SQUEEZE)),
    await normedConvolution(parameters, [`${name}.conv_pwl`, `${name}.bn3`], project, style),
  ];
}

/** timm's `EdgeResidual`: expansion and depthwise convolution fused into one, no squeeze. */
async function fusedResidual(
  parameters: Parameters,
  name: string,
  { inputs, outputs, kernel, stride, expansion }: BlockShape,
  style: ConvolutionStyle,
): Promise<Layer[]> {
  const width = inputs * expansion;
  const expand: ConvolutionShape = { inputs, outputs: width, kernel, stride, activation: 'silu' };
  const project: ConvolutionShape = { inputs: width, outputs, kernel: 1 };
  return [
    await normedConvolution(parameters, [`${name}.conv_exp`, `${name}.bn1`], expand, style),
    await normedConvolution(parameters, [`${name}.conv_pwl`, `${name}.bn2`], project, style),
  ];
}

function channelwise(channels: number, kernel: number, stride: number): ConvolutionShape {
  return { inputs: channels, outputs: channels, kernel, stride, activation: 'silu', depthwise: true };
}
