/** ResNet (He et al. 2016), version 1.5: a bottleneck's stride sits in its 3 × 3 convolution. After timm's resnet.py. */
import type { Layer } from '../engines/layers.ts';
import type { ResNet } from '../specs/architecture.ts';
import type { ConvolutionShape, ConvolutionStyle, Operations } from './operations.ts';

const STYLE: ConvolutionStyle = { padding: 'symmetric', epsilon: 1e-5 };
const STEM = 64;
/** Channels of the 3 × 3 convolutions of each stage. */
const WIDTHS = [64, 128, 256, 512];
/** A bottleneck's output has this many times the channels of its 3 × 3 convolution. */
const EXPANSION = 4;

interface Block {
  readonly inputs: number;
  readonly width: number;
  readonly widening: number;
  readonly stride: number;
}

export function resnet<T>(net: Operations<T>, { block: kind, widening, depths }: ResNet): Layer<T> {
  const stem: ConvolutionShape = { inputs: 3, outputs: STEM, kernel: 7, stride: 2, activation: 'relu' };
  const layers = [net.convBnAct(['conv1', 'bn1'], stem, STYLE), net.maxPool(3, 2)];
  let inputs = STEM;
  for (const [stage, depth] of depths.entries()) {
    const width = WIDTHS[stage] ?? 0;
    for (let index = 0; index < depth; index++) {
      const block = { inputs, width, widening, stride: index === 0 && stage > 0 ? 2 : 1 };
      const name = `layer${stage + 1}.${index}`;
      layers.push(kind === 'basic' ? basic(net, name, block) : bottleneck(net, name, block));
      inputs = kind === 'basic' ? width : width * EXPANSION;
    }
  }
  return net.network([...layers, net.meanPool()]);
}

/** 3 × 3 and 3 × 3 beside a shortcut. */
function basic<T>(net: Operations<T>, name: string, { inputs, width, stride }: Block): Layer<T> {
  const convolution = (i: number, shape: ConvolutionShape) =>
    net.convBnAct([`${name}.conv${i}`, `${name}.bn${i}`], shape, STYLE);
  const first = convolution(1, { inputs, outputs: width, kernel: 3, stride, activation: 'relu' });
  const second = convolution(2, { inputs: width, outputs: width, kernel: 3, activation: 'relu' });
  const around = shortcut(net, name, inputs, width, stride);
  return (x) => second(first(x), around(x));
}

/** 1 × 1, 3 × 3 and 1 × 1 beside a shortcut. */
function bottleneck<T>(net: Operations<T>, name: string, { inputs, width, widening, stride }: Block): Layer<T> {
  const inner = width * widening;
  const outputs = width * EXPANSION;
  const convolution = (i: number, shape: ConvolutionShape) =>
    net.convBnAct([`${name}.conv${i}`, `${name}.bn${i}`], shape, STYLE);
  const reduce = convolution(1, { inputs, outputs: inner, kernel: 1, activation: 'relu' });
  const spatial = convolution(2, { inputs: inner, outputs: inner, kernel: 3, stride, activation: 'relu' });
  const expand = convolution(3, { inputs: inner, outputs, kernel: 1, activation: 'relu' });
  const around = shortcut(net, name, inputs, outputs, stride);
  return (x) => expand(spatial(reduce(x)), around(x));
}

/** The input itself, projected where its shape changes. */
function shortcut<T>(net: Operations<T>, name: string, inputs: number, outputs: number, stride: number): Layer<T> {
  if (stride === 1 && inputs === outputs) return (x) => x;
  const shape = { inputs, outputs, kernel: 1, stride };
  return net.convBnAct([`${name}.downsample.0`, `${name}.downsample.1`], shape, STYLE);
}
