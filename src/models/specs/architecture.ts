/** What a spec says of an architecture: plain data, from which everything else that names one derives. */

export type Interpolation = 'bilinear' | 'bicubic';

/** How an image becomes a network's input (belongs to the weights, not to the architecture). */
export interface Preprocessing {
  /** Side of the square crop in pixels. */
  readonly size: number;
  /** The shorter side is resized to floor(size / cropPct). */
  readonly cropPct: number;
  /** Both sides are resized, whatever that does to the proportions, or the whole image is shown with a border; else the middle is cut out. */
  readonly cropMode?: 'squash' | 'border';
  readonly interpolation: Interpolation;
  /** Features are the mean of those of the image and of its mirror image: a choice of the user's, no weights' own. */
  readonly flip?: true;
  /** Per channel (R, G, B), of values scaled to 0–1. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** He et al. 2016. */
export interface ResNet {
  readonly family: 'resnet';
  /** Two 3 × 3 convolutions, or 1 × 1, 3 × 3, 1 × 1 with four times the channels at the end. */
  readonly block: 'basic' | 'bottleneck';
  /** Factor on the channels of a bottleneck's 3 × 3 convolution (Zagoruyko & Komodakis 2016). */
  readonly widening: number;
  /** Blocks of the four stages. */
  readonly depths: readonly [number, number, number, number];
}

/** Tan & Le 2019 and 2021; Howard et al. 2019. */
export interface EfficientNet {
  readonly family: 'efficientnet';
  /** The stages before scaling. */
  readonly design: 'b' | 'v2-b' | 'v2-s' | 'v2-m' | 'v2-l' | 'mobilenetv3-large' | 'mobilenetv3-small';
  /** Factors on channels and on blocks. */
  readonly width: number;
  readonly depth: number;
  /** Trained by TensorFlow: its padding and its batch-norm ε. */
  readonly tensorflow: boolean;
}

/** Liu et al. 2022. */
export interface ConvNeXt {
  readonly family: 'convnext';
  readonly depths: readonly [number, number, number, number];
  readonly widths: readonly [number, number, number, number];
  /** The stem cuts patches of 4 × 4; or it is two overlapping convolutions, with this many channels between them. */
  readonly stem: 'patches' | number;
  /** Whether the last norm stands before pooling or behind it. */
  readonly lastNorm: 'before pooling' | 'after pooling';
  /** How the weights of the MLPs are kept: as 1 × 1 convolutions or as linear layers. */
  readonly mlp: 'convolution' | 'linear';
}

/** Dosovitskiy et al. 2021 and what follows: DeiT, DeiT-III, DINO, DINOv2, the image towers of CLIP and SigLIP. */
export interface VisionTransformer {
  readonly family: 'vit';
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Patches along a side of the images that the position embedding is for. */
  readonly grid: number;
  readonly classToken: boolean;
  /** A second class token, which learnt from another network (Touvron et al. 2021). */
  readonly distillationToken: boolean;
  /** Register tokens behind the class token (Darcet et al. 2024). */
  readonly registers: number;
  /** Whether class tokens have positions of their own. */
  readonly positionedClassToken: boolean;
  /** A norm before the blocks, and patches embedded without bias. */
  readonly normBefore: boolean;
  /** Layer norm's ε. */
  readonly epsilon: number;
  readonly activation: 'gelu' | 'quick-gelu';
  /** Whether queries, keys and values have a bias. */
  readonly qkvBias: boolean;
  /** Every branch is scaled by a learnt factor a channel (Touvron et al. 2021). */
  readonly layerScale: boolean;
  /** The features: the class token (of two, their mean), the mean of the patches, or what a learnt query gathers from all tokens. */
  readonly pooling: 'token' | 'mean' | 'attention';
  /** Whether the last norm stands before pooling or behind it. */
  readonly lastNorm: 'before pooling' | 'after pooling';
}

export type Network = ResNet | EfficientNet | ConvNeXt | VisionTransformer;

/** How the models screen groups built-in weights. */
export type WeightsGroup = 'paper' | 'light' | 'strong';

/** A built-in set of weights on the hub. */
export interface PublishedWeights {
  /** Name of its repository, `timm/<id>`. */
  readonly id: string;
  readonly group: WeightsGroup;
  /** Size of model.safetensors; null where it is unknown. */
  readonly bytes: number | null;
  /** SPDX-like name. */
  readonly licence: string;
  /** Where it is not that of the architecture: for a file of this name without its config.json. */
  readonly preprocessing?: Preprocessing;
  /** Where the architecture alone does not tell these weights from others: its label and summary for them. */
  readonly label?: string;
  readonly summary?: string;
}

export interface Architecture {
  /** As `ResNet-50`. */
  readonly label: string;
  /** What it is, in about five words. */
  readonly summary: string;
  /** Number of features D. */
  readonly features: number;
  readonly network: Network;
  /** For a dropped weight file that comes without its config.json. */
  readonly preprocessing: Preprocessing;
  readonly published: readonly PublishedWeights[];
  /** Tags of weights that were trained with another architecture's activation, though timm lists them under this name. */
  readonly tagged?: Readonly<Record<string, string>>;
}

type Colours = Pick<Preprocessing, 'mean' | 'std'>;

export const IMAGENET: Colours = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** Values from −1 to 1. */
export const INCEPTION: Colours = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
export const CLIP: Colours = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};

export function preprocessed(
  size: number,
  cropPct: number,
  interpolation: Interpolation,
  colours: Colours = IMAGENET,
): Preprocessing {
  return { size, cropPct, interpolation, ...colours };
}
