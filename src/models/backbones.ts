import type { ArchitectureName, Interpolation, Preprocessing, Weights } from '../types.ts';
import { COLOUR_GRADIENT } from './colour-gradient.ts';

const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;
const IMAGENET_STD = [0.229, 0.224, 0.225] as const;
const HALF = [0.5, 0.5, 0.5] as const;

export interface Architecture {
  /** For people, as `ResNet-50`. */
  readonly label: string;
  /** What it is, in about five words. */
  readonly summary: string;
  /** Number of features D. */
  readonly features: number;
  /** Of the built-in set of weights; for a dropped weight file that comes without its config.json. */
  readonly preprocessing: Preprocessing;
}

/** What is known of an architecture without its weights. */
export const ARCHITECTURES: Readonly<Record<ArchitectureName, Architecture>> = {
  resnet50: {
    label: 'ResNet-50',
    summary: 'classic convolutional network, strong baseline',
    features: 2048,
    preprocessing: prepared(0.875, 'bilinear', IMAGENET_MEAN, IMAGENET_STD),
  },
  efficientnet_b0: {
    label: 'EfficientNet-B0',
    summary: 'small, thrifty convolutional network',
    features: 1280,
    preprocessing: prepared(0.875, 'bicubic', IMAGENET_MEAN, IMAGENET_STD),
  },
  tf_efficientnetv2_b0: {
    label: 'EfficientNetV2-B0',
    summary: 'fastest network that is accurate',
    features: 1280,
    preprocessing: prepared(0.875, 'bicubic', IMAGENET_MEAN, IMAGENET_STD),
  },
  vit_base_patch16_224: {
    label: 'ViT-B/16',
    summary: 'large transformer, wants a GPU',
    features: 768,
    preprocessing: prepared(0.9, 'bicubic', HALF, HALF),
  },
  deit_tiny_patch16_224: {
    label: 'DeiT-Tiny',
    summary: 'small transformer for modest machines',
    features: 192,
    preprocessing: prepared(0.9, 'bicubic', IMAGENET_MEAN, IMAGENET_STD),
  },
};

/** The built-in sets of weights, in the order of the models screen. */
export const BACKBONES: readonly Weights[] = [
  onHub('resnet50.tv_in1k', 'resnet50', 102_469_840, 'BSD-3-Clause'),
  onHub('efficientnet_b0.ra_in1k', 'efficientnet_b0', 21_355_344, 'Apache-2.0'),
  onHub('vit_base_patch16_224.augreg2_in21k_ft_in1k', 'vit_base_patch16_224', 346_284_714, 'Apache-2.0'),
  onHub('tf_efficientnetv2_b0.in1k', 'tf_efficientnetv2_b0', 28_842_000, 'Apache-2.0'),
  onHub('deit_tiny_patch16_224.fb_in1k', 'deit_tiny_patch16_224', 22_880_000, 'Apache-2.0'),
  {
    id: 'colour-gradient',
    architecture: 'colour-gradient',
    label: 'Colour and gradient',
    summary: 'classic descriptor, needs no download',
    features: COLOUR_GRADIENT.features,
    bytes: 0,
    licence: null,
    origin: 'built-in',
    repository: null,
    revision: null,
  },
];

export function isArchitecture(name: unknown): name is ArchitectureName {
  return typeof name === 'string' && Object.hasOwn(ARCHITECTURES, name);
}

type Shape = readonly number[];

/** Tensors by which an architecture is told from its relatives of other depth or width; null: it has none of that name. */
const MARKS: Readonly<Record<ArchitectureName, Readonly<Record<string, Shape | null>>>> = {
  resnet50: {
    'conv1.weight': [64, 3, 7, 7],
    'layer1.0.conv2.weight': [64, 64, 3, 3],
    'layer3.5.conv3.weight': [1024, 256, 1, 1],
    'layer3.6.conv1.weight': null,
    'layer4.2.conv3.weight': [2048, 512, 1, 1],
  },
  efficientnet_b0: {
    'conv_stem.weight': [32, 3, 3, 3],
    'blocks.0.0.conv_dw.weight': [32, 1, 3, 3],
    'blocks.6.0.conv_pwl.weight': [320, 1152, 1, 1],
    'blocks.6.1.conv_pw.weight': null,
    'conv_head.weight': [1280, 320, 1, 1],
  },
  tf_efficientnetv2_b0: {
    'conv_stem.weight': [32, 3, 3, 3],
    'blocks.0.0.conv.weight': [16, 32, 3, 3],
    'blocks.5.7.conv_pwl.weight': [192, 1152, 1, 1],
    'blocks.5.8.conv_pw.weight': null,
    'conv_head.weight': [1280, 192, 1, 1],
  },
  vit_base_patch16_224: transformerMarks(768),
  deit_tiny_patch16_224: transformerMarks(192),
};

/** The architecture that a weight file is for, told by names and shapes of a few tensors; null for an unknown one. */
export function recogniseArchitecture(
  tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): ArchitectureName | null {
  for (const [name, marks] of Object.entries(MARKS)) {
    const fits = Object.entries(marks).every(
      ([tensor, shape]) => String(tensors.get(tensor)?.shape) === String(shape ?? undefined),
    );
    if (fits && isArchitecture(name)) return name;
  }
  return null;
}

function transformerMarks(width: number): Readonly<Record<string, Shape | null>> {
  return {
    'patch_embed.proj.weight': [width, 3, 16, 16],
    pos_embed: [1, 197, width],
    'blocks.11.attn.qkv.weight': [3 * width, width],
    'blocks.12.attn.qkv.weight': null,
  };
}

function prepared(
  cropPct: number,
  interpolation: Interpolation,
  mean: Preprocessing['mean'],
  std: Preprocessing['std'],
): Preprocessing {
  return { size: 224, cropPct, interpolation, mean, std };
}

function onHub(id: string, architecture: ArchitectureName, bytes: number, licence: string): Weights {
  const { label, summary, features } = ARCHITECTURES[architecture];
  return {
    id,
    architecture,
    label,
    summary,
    features,
    bytes,
    licence,
    origin: 'hub',
    repository: `timm/${id}`,
    revision: 'main',
  };
}
