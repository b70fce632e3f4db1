/** ConvNeXt (Liu et al. 2022). After timm's convnext.py. */
import type { Layer, Padding } from '../engines/layers.ts';
import type { ConvNeXt } from '../specs/architecture.ts';
import type { ConvolutionShape, Operations } from './operations.ts';

/** Layer norm's ε. */
const EPSILON = 1e-6;
const EXPANSION = 4;

export function convnext<T>(net: Operations<T>, { depths, widths, stem, lastNorm, mlp }: ConvNeXt): Layer<T> {
  let inputs: number = widths[0];
  const layers = stemOf(net, stem, inputs);
  for (const [stage, width] of widths.entries()) {
    const name = `stages.${stage}`;
    if (stage > 0) {
      const norm = { name: `${name}.downsample.0`, epsilon: EPSILON };
      const shape = { inputs, outputs: width, kernel: 2, stride: 2 };
      layers.push(net.convolution(`${name}.downsample.1`, shape, 'none', norm));
    }
    for (let index = 0; index < (depths[stage] ?? 0); index++) {
      layers.push(block(net, `${name}.blocks.${index}`, width, mlp));
    }
    inputs = width;
  }
  const norm = { name: lastNorm === 'before pooling' ? 'norm_pre' : 'head.norm', epsilon: EPSILON };
  const head = [net.meanPool(), net.layerNorm(norm, inputs)];
  return net.network([...layers, ...(lastNorm === 'before pooling' ? head.reverse() : head)]);
}

/** Patches of 4 × 4 pixels, or two 3 × 3 convolutions at stride 2. */
function stemOf<T>(net: Operations<T>, stem: ConvNeXt['stem'], width: number): Layer<T>[] {
  const convolution = (index: number, shape: ConvolutionShape, padding: Padding) =>
    net.convolution(`stem.${index}`, shape, padding);
  const convolutions =
    stem === 'patches'
      ? [convolution(0, { inputs: 3, outputs: width, kernel: 4, stride: 4 }, 'none')]
      : [
          convolution(0, { inputs: 3, outputs: stem, kernel: 3, stride: 2 }, 'symmetric'),
          convolution(1, { inputs: stem, outputs: width, kernel: 3, stride: 2 }, 'symmetric'),
        ];
  return [...convolutions, net.layerNorm({ name: `stem.${convolutions.length}`, epsilon: EPSILON }, width)];
}

/** 7 × 7 depthwise, norm, MLP, scaled and added to the input. */
function block<T>(net: Operations<T>, name: string, width: number, kept: ConvNeXt['mlp']): Layer<T> {
  const shape = { inputs: width, outputs: width, kernel: 7, depthwise: true };
  const spatial = net.convolution(`${name}.conv_dw`, shape, 'symmetric');
  const mlp = net.mlp({
    name: `${name}.mlp`,
    norm: { name: `${name}.norm`, epsilon: EPSILON },
    width,
    hidden: EXPANSION * width,
    activation: 'gelu',
    scale: `${name}.gamma`,
    convolutions: kept === 'convolution',
  });
  return (x) => mlp(spatial(x), x);
}
