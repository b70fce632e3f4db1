/**
 * EfficientNet (Tan & Le 2019), its second version (2021), whose early blocks are fused, and MobileNetV3 (Howard et al.
 * 2019). After timm's efficientnet.py and mobilenetv3.py.
 */
import type { Activation, Layer } from '../engines/layers.ts';
import type { EfficientNet } from '../specs/architecture.ts';
import type { ConvolutionShape, ConvolutionStyle, Operations } from './operations.ts';

/** timm's `ConvBnAct`, `DepthwiseSeparableConv`, `InvertedResidual` and `EdgeResidual`. */
type BlockKind = 'plain' | 'separable' | 'inverted' | 'fused';

interface Stage {
  readonly kind: BlockKind;
  readonly repeats: number;
  readonly kernel: number;
  /** The first block's stride; the others have 1. */
  readonly stride: number;
  /** Channels inside the block, as a multiple of its inputs; one number for all blocks, or one for each. */
  readonly expansion: number | readonly number[];
  readonly channels: number;
  /** Whether its blocks squeeze and excite. */
  readonly squeeze: boolean;
  readonly activation: Activation;
}

interface Design {
  readonly stem: number;
  readonly activation: Activation;
  readonly stages: readonly Stage[];
  /** Channels behind the last stage, by a convolution before pooling (with batch norm) or after it (with bias). */
  readonly head: number;
  readonly pooling: 'after head' | 'before head';
  /** Squeeze-and-excitation reduces the block's inputs to a quarter, or its inner channels, to a multiple of 8. */
  readonly squeezed: 'inputs' | 'inner channels';
  readonly squeeze: { readonly activation: 'relu' | 'silu'; readonly gate: 'sigmoid' | 'hard-sigmoid' };
  /** Channels are rounded to multiples of 8, and up where that loses more than a tenth, where this is set. */
  readonly roundUp: boolean;
}

const SQUEEZE = 0.25;

const stage = (
  kind: BlockKind,
  repeats: number,
  kernel: number,
  stride: number,
  expansion: Stage['expansion'],
  channels: number,
  squeeze: boolean,
  activation: Activation = 'silu',
): Stage => ({ kind, repeats, kernel, stride, expansion, channels, squeeze, activation });

const SILU = {
  activation: 'silu',
  pooling: 'after head',
  squeezed: 'inputs',
  squeeze: { activation: 'silu', gate: 'sigmoid' },
} as const;

const HARD = {
  activation: 'hard-swish',
  pooling: 'before head',
  squeezed: 'inner channels',
  squeeze: { activation: 'relu', gate: 'hard-sigmoid' },
  roundUp: true,
} as const;

const DESIGNS: Readonly<Record<EfficientNet['design'], Design>> = {
  b: {
    ...SILU,
    stem: 32,
    stages: [
      stage('separable', 1, 3, 1, 1, 16, true),
      stage('inverted', 2, 3, 2, 6, 24, true),
      stage('inverted', 2, 5, 2, 6, 40, true),
      stage('inverted', 3, 3, 2, 6, 80, true),
      stage('inverted', 3, 5, 1, 6, 112, true),
      stage('inverted', 4, 5, 2, 6, 192, true),
      stage('inverted', 1, 3, 1, 6, 320, true),
    ],
    head: 1280,
    roundUp: true,
  },
  'v2-b': {
    ...SILU,
    stem: 32,
    stages: [
      stage('plain', 1, 3, 1, 1, 16, false),
      stage('fused', 2, 3, 2, 4, 32, false),
      stage('fused', 2, 3, 2, 4, 48, false),
      stage('inverted', 3, 3, 2, 4, 96, true),
      stage('inverted', 5, 3, 1, 6, 112, true),
      stage('inverted', 8, 3, 2, 6, 192, true),
    ],
    head: 1280,
    roundUp: false,
  },
  'v2-s': {
    ...SILU,
    stem: 24,
    stages: [
      stage('plain', 2, 3, 1, 1, 24, false),
      stage('fused', 4, 3, 2, 4, 48, false),
      stage('fused', 4, 3, 2, 4, 64, false),
      stage('inverted', 6, 3, 2, 4, 128, true),
      stage('inverted', 9, 3, 1, 6, 160, true),
      stage('inverted', 15, 3, 2, 6, 256, true),
    ],
    head: 1280,
    roundUp: false,
  },
  'v2-m': {
    ...SILU,
    stem: 24,
    stages: [
      stage('plain', 3, 3, 1, 1, 24, false),
      stage('fused', 5, 3, 2, 4, 48, false),
      stage('fused', 5, 3, 2, 4, 80, false),
      stage('inverted', 7, 3, 2, 4, 160, true),
      stage('inverted', 14, 3, 1, 6, 176, true),
      stage('inverted', 18, 3, 2, 6, 304, true),
      stage('inverted', 5, 3, 1, 6, 512, true),
    ],
    head: 1280,
    roundUp: false,
  },
  'v2-l': {
    ...SILU,
    stem: 32,
    stages: [
      stage('plain', 4, 3, 1, 1, 32, false),
      stage('fused', 7, 3, 2, 4, 64, false),
      stage('fused', 7, 3, 2, 4, 96, false),
      stage('inverted', 10, 3, 2, 4, 192, true),
      stage('inverted', 19, 3, 1, 6, 224, true),
      stage('inverted', 25, 3, 2, 6, 384, true),
      stage('inverted', 7, 3, 1, 6, 640, true),
    ],
    head: 1280,
    roundUp: false,
  },
  'mobilenetv3-large': {
    ...HARD,
    stem: 16,
    stages: [
      stage('separable', 1, 3, 1, 1, 16, false, 'relu'),
      stage('inverted', 2, 3, 2, [4, 3], 24, false, 'relu'),
      stage('inverted', 3, 5, 2, 3, 40, true, 'relu'),
      stage('inverted', 4, 3, 2, [6, 2.5, 2.3, 2.3], 80, false, 'hard-swish'),
      stage('inverted', 2, 3, 1, 6, 112, true, 'hard-swish'),
      stage('inverted', 3, 5, 2, 6, 160, true, 'hard-swish'),
      stage('plain', 1, 1, 1, 1, 960, false, 'hard-swish'),
    ],
    head: 1280,
  },
  'mobilenetv3-small': {
    ...HARD,
    stem: 16,
    stages: [
      stage('separable', 1, 3, 2, 1, 16, true, 'relu'),
      stage('inverted', 2, 3, 2, [4.5, 3.67], 24, false, 'relu'),
      stage('inverted', 3, 5, 2, [4, 6, 6], 40, true, 'hard-swish'),
      stage('inverted', 2, 5, 1, 3, 48, true, 'hard-swish'),
      stage('inverted', 3, 5, 2, 6, 96, true, 'hard-swish'),
      stage('plain', 1, 1, 1, 1, 576, false, 'hard-swish'),
    ],
    head: 1024,
  },
};

export function efficientnet<T>(net: Operations<T>, spec: EfficientNet): Layer<T> {
  const design = DESIGNS[spec.design];
  const style: ConvolutionStyle = spec.tensorflow
    ? { padding: 'same', epsilon: 1e-3 }
    : { padding: 'symmetric', epsilon: 1e-5 };
  const scaled = (channels: number) => rounded(channels * spec.width, design.roundUp);
  // MobileNetV3's smallest keep the whole stem.
  const stem = design.pooling === 'before head' && spec.width < 0.75 ? design.stem : scaled(design.stem);
  const { activation } = design;
  const layers = [
    net.convBnAct(['conv_stem', 'bn1'], { inputs: 3, outputs: stem, kernel: 3, stride: 2, activation }, style),
  ];
  let inputs = stem;
  for (const [index, each] of design.stages.entries()) {
    const outputs = scaled(each.channels);
    for (let repeat = 0; repeat < Math.ceil(each.repeats * spec.depth); repeat++) {
      const stride = repeat === 0 ? each.stride : 1;
      const expansion = typeof each.expansion === 'number' ? each.expansion : (each.expansion[repeat] ?? 1);
      const inner = BLOCKS[each.kind](net, `blocks.${index}.${repeat}`, {
        ...{ inputs, outputs, kernel: each.kernel, stride, width: rounded(inputs * expansion, true) },
        ...{ squeeze: each.squeeze, activation: each.activation, design, style },
      });
      if (stride > 1 || inputs !== outputs) layers.push(inner);
      // Where the last convolution has no activation, its input can be added within it.
      else layers.push(each.kind === 'plain' ? net.residual(inner) : (x) => inner(x, x));
      inputs = outputs;
    }
  }
  if (design.pooling === 'after head') {
    const outputs = scaled(design.head);
    const head = net.convBnAct(['conv_head', 'bn2'], { inputs, outputs, kernel: 1, activation }, style);
    return net.network([...layers, head, net.meanPool()]);
  }
  const head = net.convolution('conv_head', { inputs, outputs: design.head, kernel: 1, activation }, 'none');
  return net.network([...layers, net.meanPool(), head]);
}

/** To a multiple of 8, at least 8; with `up`, to the next one where a tenth would be lost (timm's `make_divisible`). */
function rounded(channels: number, up: boolean): number {
  const nearest = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return up && nearest < 0.9 * channels ? nearest + 8 : nearest;
}

interface BlockShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  /** Channels inside the block. */
  readonly width: number;
  readonly squeeze: boolean;
  readonly activation: Activation;
  readonly design: Design;
  readonly style: ConvolutionStyle;
}

type Block = <T>(net: Operations<T>, name: string, shape: BlockShape) => Layer<T>;

const BLOCKS: Readonly<Record<BlockKind, Block>> = {
  /** One convolution. */
  plain: (net, name, { inputs, outputs, kernel, stride, activation, style }) =>
    net.convBnAct([`${name}.conv`, `${name}.bn1`], { inputs, outputs, kernel, stride, activation }, style),

  /** Depthwise, squeeze, project. */
  separable: (net, name, shape) => {
    const { inputs, outputs, style } = shape;
    return net.sequence([
      depthwise(net, name, 'bn1', inputs, shape),
      net.convBnAct([`${name}.conv_pw`, `${name}.bn2`], { inputs, outputs, kernel: 1 }, style),
    ]);
  },

  /** Expand, depthwise, squeeze, project. */
  inverted: (net, name, shape) => {
    const { inputs, outputs, width, activation, style } = shape;
    const expand: ConvolutionShape = { inputs, outputs: width, kernel: 1, activation };
    return net.sequence([
      net.convBnAct([`${name}.conv_pw`, `${name}.bn1`], expand, style),
      depthwise(net, name, 'bn2', width, shape),
      net.convBnAct([`${name}.conv_pwl`, `${name}.bn3`], { inputs: width, outputs, kernel: 1 }, style),
    ]);
  },

  /** Expansion and depthwise convolution fused into one, no squeeze. */
  fused: (net, name, { inputs, outputs, width, kernel, stride, activation, style }) => {
    const expand: ConvolutionShape = { inputs, outputs: width, kernel, stride, activation };
    return net.sequence([
      net.convBnAct([`${name}.conv_exp`, `${name}.bn1`], expand, style),
      net.convBnAct([`${name}.conv_pwl`, `${name}.bn2`], { inputs: width, outputs, kernel: 1 }, style),
    ]);
  },
};

/** Depthwise, and squeeze-and-excitation where the stage has it. */
function depthwise<T>(
  net: Operations<T>,
  name: string,
  norm: string,
  channels: number,
  { inputs, kernel, stride, activation, squeeze, design, style }: BlockShape,
): Layer<T> {
  const names = [`${name}.conv_dw`, `${name}.${norm}`] as const;
  const shape: ConvolutionShape = { inputs: channels, outputs: channels, kernel, stride, activation, depthwise: true };
  if (!squeeze) return net.convBnAct(names, shape, style);
  const reduced = design.squeezed === 'inputs' ? Math.round(inputs * SQUEEZE) : rounded(channels * SQUEEZE, true);
  return net.convBnActSqueeze(names, shape, style, { name: `${name}.se`, reduced, ...design.squeeze });
}
