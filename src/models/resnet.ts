/** ResNet (He et al. 2016), version 1.5: a bottleneck's stride sits in its 3 × 3 convolution. After timm's resnet.py. */
import * as tf from '@tensorflow/tfjs';
import {
  type ConvolutionShape,
  type ConvolutionStyle,
  globalMean,
  inSequence,
  type Layer,
  normedConvolution,
} from './convolution.ts';
import type { Network, OnStep } from './network.ts';
import type { Parameters } from './parameters.ts';

const STYLE: ConvolutionStyle = { padding: 'symmetric', epsilon: 1e-5 };
const STEM_CHANNELS = 64;
/** A bottleneck's output has this many times the channels of its 3 × 3 convolution. */
const EXPANSION = 4;

interface Stage {
  readonly blocks: number;
  /** Channels of the 3 × 3 convolutions. */
  readonly width: number;
  /** Of the first block. */
  readonly stride: number;
}

/** ResNet-50, 2048 features. */
export const resnet50: Network = (parameters, onStep) =>
  resnet(parameters, onStep, [
    { blocks: 3, width: 64, stride: 1 },
    { blocks: 4, width: 128, stride: 2 },
    { blocks: 6, width: 256, stride: 2 },
    { blocks: 3, width: 512, stride: 2 },
  ]);

async function resnet(parameters: Parameters, onStep: OnStep, stages: readonly Stage[]): ReturnType<Network> {
  const stem: ConvolutionShape = { inputs: 3, outputs: STEM_CHANNELS, kernel: 7, stride: 2, activation: 'relu' };
  const layers = [await normedConvolution(parameters, ['conv1', 'bn1'], stem, STYLE), maxPool];
  let inputs = STEM_CHANNELS;
  for (const [index, { blocks, width, stride }] of stages.entries()) {
    for (let block = 0; block < blocks; block++) {
      const name = `layer${index + 1}.${block}`;
      layers.push(await bottleneck(parameters, name, inputs, width, block === 0 ? stride : 1));
      inputs = width * EXPANSION;
    }
  }
  const features = inSequence([...layers, globalMean], onStep);
  return (input) => features(input).reshape([input.shape[0], inputs]);
}

/** 1 × 1, 3 × 3 and 1 × 1 beside a shortcut, which is projected where the shape changes. */
async function bottleneck(
  parameters: Parameters,
  name: string,
  inputs: number,
  width: number,
  stride: number,
): Promise<Layer> {
  const outputs = width * EXPANSION;
  const convolution = (convolutionName: string, norm: string, shape: ConvolutionShape) =>
    normedConvolution(parameters, [`${name}.${convolutionName}`, `${name}.${norm}`], shape, STYLE);
  const reduce = await convolution('conv1', 'bn1', { inputs, outputs: width, kernel: 1, activation: 'relu' });
  const spatial = await convolution('conv2', 'bn2', {
    inputs: width,
    outputs: width,
    kernel: 3,
    stride,
    activation: 'relu',
  });
  const expand = await convolution('conv3', 'bn3', { inputs: width, outputs, kernel: 1, activation: 'relu' });
  const shortcut: Layer =
    stride === 1 && inputs === outputs
      ? (x) => x
      : await convolution('downsample.0', 'downsample.1', { inputs, outputs, kernel: 1, stride });
  return (x) => expand(spatial(reduce(x)), shortcut(x));
}

function maxPool(x: tf.Tensor4D): tf.Tensor4D {
  return tf.maxPool(x, 3, 2, 1);
}
