/** ConvNeXt (Liu et al. 2022). After timm's convnext.py. */
import type { Layer } from '../engines/layers.ts';
import type { ConvNeXt } from '../specs/architecture.ts';
import type { Operations } from './operations.ts';

/** Layer norm's ε. */
const EPSILON = 1e-6;
const EXPANSION = 4;

export function convnext<T>(net: Operations<T>, { depths, widths, mlp }: ConvNeXt): Layer<T> {
  const [stem] = widths;
  const layers = [
    net.convolution('stem.0', { inputs: 3, outputs: stem, kernel: 4, stride: 4 }, 'none'),
    net.layerNorm({ name: 'stem.1', epsilon: EPSILON }, stem),
  ];
  let inputs: number = stem;
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
  return net.network([...layers, net.meanPool(), net.layerNorm({ name: 'head.norm', epsilon: EPSILON }, inputs)]);
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
