/** The three convolutional networks as ONNX graphs; how deep they are is read from the names of their parameters. */
import { type Construction, normedConvolution, pointwise, silu } from './convolution.ts';

export async function resnet(construction: Construction): Promise<string> {
  const { graph, source } = construction;
  const stem = await normedConvolution(construction, graph.input, ['conv1', 'bn1'], { stride: 2, activation: 'relu' });
  let x = graph.node('MaxPool', [stem], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  for (let layer = 1; layer <= 4; layer++) {
    for (let block = 0; source.shape(`layer${layer}.${block}.conv1.weight`); block++) {
      const name = `layer${layer}.${block}`;
      const stride = layer > 1 && block === 0 ? 2 : 1;
      const convolution = (from: string, i: number, more: { stride?: number; activation?: 'relu' }) =>
        normedConvolution(construction, from, [`${name}.conv${i}`, `${name}.bn${i}`], more);
      const reduced = await convolution(x, 1, { activation: 'relu' });
      const spatial = await convolution(reduced, 2, { activation: 'relu', stride });
      const expanded = await convolution(spatial, 3, {});
      const shortcut =
        block === 0
          ? await normedConvolution(construction, x, [`${name}.downsample.0`, `${name}.downsample.1`], { stride })
          : x;
      x = graph.node('Relu', [graph.node('Add', [expanded, shortcut])]);
    }
  }
  return pooled(construction, x);
}

/** Strides of the stages' first blocks, and how the network pads. */
interface EfficientNetStyle {
  readonly strides: readonly number[];
  readonly same: boolean;
  readonly epsilon: number;
}

export const efficientnetB0: EfficientNetStyle = { strides: [1, 2, 2, 2, 1, 2, 1], same: false, epsilon: 1e-5 };
export const tfEfficientnetV2B0: EfficientNetStyle = { strides: [1, 2, 2, 2, 1, 2], same: true, epsilon: 1e-3 };

export async function efficientnet(construction: Construction, style: EfficientNetStyle): Promise<string> {
  const { graph, source } = construction;
  const { same, epsilon } = style;
  const convolution = (
    from: string,
    names: readonly [string, string],
    more: { stride?: number; activation?: 'silu'; depthwise?: boolean },
  ) => normedConvolution(construction, from, names, { same, epsilon, ...more });
  let x = await convolution(graph.input, ['conv_stem', 'bn1'], { stride: 2, activation: 'silu' });
  for (const [stage, firstStride] of style.strides.entries()) {
    for (let repeat = 0; source.shape(`blocks.${stage}.${repeat}.bn1.weight`); repeat++) {
      const name = `blocks.${stage}.${repeat}`;
      const stride = repeat === 0 ? firstStride : 1;
      let y = x;
      let norms = 0;
      /** The block's convolution of that name with the next of its norms, where it has one. */
      const step = async (part: string, more: { stride?: number; activation?: 'silu'; depthwise?: boolean }) => {
        if (!source.shape(`${name}.${part}.weight`)) return;
        y = await convolution(y, [`${name}.${part}`, `${name}.bn${++norms}`], more);
      };
      const separable = !source.shape(`${name}.conv_pwl.weight`);
      await step('conv', { stride, activation: 'silu' });
      await step('conv_exp', { stride, activation: 'silu' });
      if (!separable) await step('conv_pw', { activation: 'silu' });
      await step('conv_dw', { stride, activation: 'silu', depthwise: true });
      if (source.shape(`${name}.se.conv_reduce.weight`)) y = await squeezeExcite(construction, y, `${name}.se`);
      await step(separable ? 'conv_pw' : 'conv_pwl', {});
      const skips = stride === 1 && repeat > 0;
      x = skips ? graph.node('Add', [y, x]) : y;
    }
  }
  return pooled(construction, await convolution(x, ['conv_head', 'bn2'], { activation: 'silu' }));
}

async function squeezeExcite(construction: Construction, x: string, name: string): Promise<string> {
  const { graph } = construction;
  const mean = graph.node('GlobalAveragePool', [x]);
  const reduced = silu(graph, await pointwise(construction, mean, `${name}.conv_reduce`));
  const gates = graph.node('Sigmoid', [await pointwise(construction, reduced, `${name}.conv_expand`)]);
  return graph.node('Mul', [x, gates]);
}

function pooled({ graph }: Construction, x: string): string {
  return graph.node('Flatten', [graph.node('GlobalAveragePool', [x])], { axis: 1 });
}
