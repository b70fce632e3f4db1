import {
  type Architecture,
  CLIP,
  IMAGENET,
  INCEPTION,
  type Preprocessing,
  type PublishedWeights,
  preprocessed,
  type VisionTransformer,
} from './architecture.ts';

type Size = Pick<VisionTransformer, 'width' | 'depth' | 'heads'>;

const TINY: Size = { width: 192, depth: 12, heads: 3 };
const SMALL: Size = { width: 384, depth: 12, heads: 6 };
const MEDIUM: Size = { width: 512, depth: 12, heads: 8 };
const MEDIUM_DEEP: Size = { ...MEDIUM, depth: 20 };
const BETWIXT: Size = { width: 640, depth: 12, heads: 10 };
const BASE: Size = { width: 768, depth: 12, heads: 12 };
const PLUS: Size = { width: 896, depth: 12, heads: 14 };
const LARGE: Size = { width: 1024, depth: 24, heads: 16 };

const PLAIN = {
  family: 'vit',
  classToken: true,
  distillationToken: false,
  registers: 0,
  positionedClassToken: true,
  normBefore: false,
  epsilon: 1e-6,
  activation: 'gelu',
  qkvBias: true,
  layerScale: false,
  pooling: 'token',
  lastNorm: 'before pooling',
} as const;

/** Without class token: the patches' mean, normed before it is taken. */
const AVERAGED = {
  classToken: false,
  positionedClassToken: false,
  qkvBias: false,
  layerScale: true,
  pooling: 'mean',
} as const;

const CAPTIONS = 'learnt from captions, good at products';

/** Weights of the Vision Transformers that retrieval uses most; all of them under this licence. */
const strong = (id: string): PublishedWeights => ({ id, group: 'strong', bytes: null, licence: 'Apache-2.0' });

/** Tags of CLIP's weights that were trained with QuickGELU: those that timm says so of. */
const QUICK = ['openai', 'metaclip_400m', 'metaclip_2pt5b'];

/** Vision transformers, by timm's names. */
export const VISION_TRANSFORMERS = {
  // DeiT comes before ViT: the same networks under two names, and the first is what a file without a config.json is taken for.
  deit_tiny_patch16_224: deit('DeiT-Tiny', 'small transformer for modest machines', TINY, 224, [
    { id: 'deit_tiny_patch16_224.fb_in1k', group: 'light', bytes: 22_880_000, licence: 'Apache-2.0' },
  ]),
  deit_small_patch16_224: deit('DeiT-Small', 'transformer of middle size', SMALL, 224),
  vit_tiny_patch16_224: plain('ViT-Ti/16', TINY, 16, 224),
  vit_tiny_patch16_384: plain('ViT-Ti/16 at 384', TINY, 16, 384),
  vit_small_patch32_224: plain('ViT-S/32', SMALL, 32, 224),
  vit_small_patch32_384: plain('ViT-S/32 at 384', SMALL, 32, 384),
  vit_small_patch16_224: plain('ViT-S/16', SMALL, 16, 224, [
    {
      ...strong('vit_small_patch16_224.dino'),
      label: 'DINO ViT-S/16',
      summary: 'self-supervised, finds the same thing',
      preprocessing: preprocessed(224, 0.9, 'bicubic', IMAGENET),
    },
  ]),
  vit_small_patch16_384: plain('ViT-S/16 at 384', SMALL, 16, 384),
  // Published by DINO alone.
  vit_small_patch8_224: {
    ...plain('ViT-S/8', SMALL, 8, 224),
    preprocessing: preprocessed(224, 0.9, 'bicubic', IMAGENET),
  },
  vit_base_patch32_224: plain('ViT-B/32', BASE, 32, 224),
  vit_base_patch32_384: plain('ViT-B/32 at 384', BASE, 32, 384),
  vit_base_patch16_224: {
    ...plain('ViT-B/16', BASE, 16, 224, [
      {
        id: 'vit_base_patch16_224.augreg2_in21k_ft_in1k',
        group: 'paper',
        bytes: 346_284_714,
        licence: 'Apache-2.0',
      },
    ]),
    summary: 'large transformer, wants a GPU',
  },
  vit_base_patch16_384: plain('ViT-B/16 at 384', BASE, 16, 384),
  vit_base_patch8_224: plain('ViT-B/8', BASE, 8, 224),
  vit_large_patch32_224: plain('ViT-L/32', LARGE, 32, 224),
  vit_large_patch32_384: plain('ViT-L/32 at 384', LARGE, 32, 384),
  vit_large_patch16_224: plain('ViT-L/16', LARGE, 16, 224),
  vit_large_patch16_384: plain('ViT-L/16 at 384', LARGE, 16, 384),
  vit_large_patch14_224: plain('ViT-L/14', LARGE, 14, 224),
  vit_base_patch16_224_miil: {
    ...special('ViT-B/16 (MIIL)', BASE, 16, 224, { qkvBias: false }),
    preprocessing: preprocessed(224, 0.875, 'bilinear', { mean: [0, 0, 0], std: [1, 1, 1] }),
  },
  vit_base_patch32_plus_256: special('ViT-B+/32 at 256', PLUS, 32, 256, { layerScale: true }),
  vit_base_patch16_plus_240: special('ViT-B+/16 at 240', PLUS, 16, 240, { layerScale: true }),
  vit_medium_patch16_gap_240: special('ViT-M/16, averaged, at 240', MEDIUM, 16, 240, AVERAGED),
  vit_medium_patch16_gap_256: special('ViT-M/16, averaged, at 256', MEDIUM, 16, 256, AVERAGED),
  vit_medium_patch16_gap_384: squashed(special('ViT-M/16, averaged, at 384', MEDIUM, 16, 384, AVERAGED)),
  vit_betwixt_patch16_gap_256: special('ViT-Betwixt/16, averaged, at 256', BETWIXT, 16, 256, AVERAGED),
  vit_medium_patch16_reg1_gap_256: registered('ViT-M/16, register', MEDIUM, 1, 256),
  vit_medium_patch16_reg4_gap_256: registered('ViT-M/16, registers', MEDIUM, 4, 256),
  vit_mediumd_patch16_reg4_gap_256: registered('ViT-M/16, deep, registers', MEDIUM_DEEP, 4, 256),
  vit_mediumd_patch16_reg4_gap_384: registered('ViT-M/16, deep, registers, at 384', MEDIUM_DEEP, 4, 384),
  vit_betwixt_patch16_reg1_gap_256: registered('ViT-Betwixt/16, register', BETWIXT, 1, 256),
  vit_betwixt_patch16_reg4_gap_256: registered('ViT-Betwixt/16, registers', BETWIXT, 4, 256),
  vit_betwixt_patch16_reg4_gap_384: registered('ViT-Betwixt/16, registers, at 384', BETWIXT, 4, 384),
  vit_base_patch16_reg4_gap_256: registered('ViT-B/16, registers', BASE, 4, 256, false),
  flexivit_small: special('FlexiViT-S', SMALL, 16, 240, { positionedClassToken: false }),
  flexivit_base: special('FlexiViT-B', BASE, 16, 240, { positionedClassToken: false }),
  flexivit_large: special('FlexiViT-L', LARGE, 16, 240, { positionedClassToken: false }),
  deit_base_patch16_224: deit('DeiT-Base', 'large transformer, wants a GPU', BASE, 224),
  deit_base_patch16_384: deit('DeiT-Base at 384', 'large transformer, wants a GPU', BASE, 384),
  deit_tiny_distilled_patch16_224: distilled('DeiT-Tiny, distilled', TINY, 224),
  deit_small_distilled_patch16_224: distilled('DeiT-Small, distilled', SMALL, 224),
  deit_base_distilled_patch16_224: distilled('DeiT-Base, distilled', BASE, 224),
  deit_base_distilled_patch16_384: distilled('DeiT-Base, distilled, at 384', BASE, 384),
  deit3_small_patch16_224: deit3('DeiT-III-Small', SMALL, 224),
  deit3_small_patch16_384: deit3('DeiT-III-Small at 384', SMALL, 384),
  deit3_medium_patch16_224: deit3('DeiT-III-Medium', MEDIUM, 224),
  deit3_base_patch16_224: deit3('DeiT-III-Base', BASE, 224),
  deit3_base_patch16_384: deit3('DeiT-III-Base at 384', BASE, 384),
  deit3_large_patch16_224: deit3('DeiT-III-Large', LARGE, 224),
  deit3_large_patch16_384: deit3('DeiT-III-Large at 384', LARGE, 384),
  vit_small_patch14_dinov2: dinov2('DINOv2 ViT-S/14', SMALL, 0, [strong('vit_small_patch14_dinov2.lvd142m')]),
  vit_base_patch14_dinov2: dinov2('DINOv2 ViT-B/14', BASE, 0, [strong('vit_base_patch14_dinov2.lvd142m')]),
  vit_large_patch14_dinov2: dinov2('DINOv2 ViT-L/14', LARGE, 0),
  vit_small_patch14_reg4_dinov2: dinov2('DINOv2 ViT-S/14, registers', SMALL, 4),
  vit_base_patch14_reg4_dinov2: dinov2('DINOv2 ViT-B/14, registers', BASE, 4),
  vit_large_patch14_reg4_dinov2: dinov2('DINOv2 ViT-L/14, registers', LARGE, 4),
  vit_xsmall_patch16_clip_224: clip('TinyCLIP ViT-XS/16', { width: 256, depth: 10, heads: 4 }, 16, 224, 'gelu'),
  vit_medium_patch32_clip_224: clip('TinyCLIP ViT-M/32', MEDIUM, 32, 224, 'gelu'),
  vit_medium_patch16_clip_224: clip('TinyCLIP ViT-M/16', MEDIUM, 16, 224, 'gelu'),
  vit_betwixt_patch32_clip_224: clip('TinyCLIP ViT-Betwixt/32', BETWIXT, 32, 224, 'gelu'),
  vit_base_patch16_plus_clip_240: clip('CLIP ViT-B+/16 at 240', PLUS, 16, 240, 'gelu'),
  vit_base_patch32_clip_224: tagged(
    [...QUICK, 'laion400m_e32'],
    'vit_base_patch32_clip_quickgelu_224',
    clip('CLIP ViT-B/32', BASE, 32, 224, 'gelu', [
      { ...strong('vit_base_patch32_clip_224.laion2b'), label: 'CLIP ViT-B/32 (LAION)' },
    ]),
  ),
  vit_base_patch32_clip_256: clip('CLIP ViT-B/32 at 256', BASE, 32, 256, 'gelu'),
  vit_base_patch32_clip_384: clip('CLIP ViT-B/32 at 384', BASE, 32, 384, 'gelu'),
  vit_base_patch32_clip_448: clip('CLIP ViT-B/32 at 448', BASE, 32, 448, 'gelu'),
  vit_base_patch16_clip_224: tagged(
    QUICK,
    'vit_base_patch16_clip_quickgelu_224',
    clip('CLIP ViT-B/16', BASE, 16, 224, 'gelu', [
      {
        ...strong('vit_base_patch16_clip_224.laion2b'),
        label: 'CLIP ViT-B/16 (LAION)',
        preprocessing: preprocessed(224, 1, 'bicubic', CLIP),
      },
    ]),
  ),
  vit_base_patch16_clip_384: clip('CLIP ViT-B/16 at 384', BASE, 16, 384, 'gelu'),
  vit_large_patch14_clip_224: tagged(
    [...QUICK, 'dfn2b'],
    'vit_large_patch14_clip_quickgelu_224',
    clip('CLIP ViT-L/14', LARGE, 14, 224, 'gelu'),
  ),
  vit_large_patch14_clip_336: tagged(
    ['openai'],
    'vit_large_patch14_clip_quickgelu_336',
    clip('CLIP ViT-L/14 at 336', LARGE, 14, 336, 'gelu'),
  ),
  vit_base_patch32_clip_quickgelu_224: clip('CLIP ViT-B/32, QuickGELU', BASE, 32, 224, 'quick-gelu', [
    { ...strong('vit_base_patch32_clip_224.openai'), label: 'CLIP ViT-B/32 (OpenAI)' },
  ]),
  vit_base_patch16_clip_quickgelu_224: clip('CLIP ViT-B/16, QuickGELU', BASE, 16, 224, 'quick-gelu', [
    { ...strong('vit_base_patch16_clip_224.openai'), label: 'CLIP ViT-B/16 (OpenAI)' },
  ]),
  vit_large_patch14_clip_quickgelu_224: clip('CLIP ViT-L/14, QuickGELU', LARGE, 14, 224, 'quick-gelu'),
  vit_large_patch14_clip_quickgelu_336: clip('CLIP ViT-L/14 at 336, QuickGELU', LARGE, 14, 336, 'quick-gelu'),
  vit_base_patch16_siglip_224: {
    ...siglip('SigLIP ViT-B/16', BASE, 224),
    published: [strong('vit_base_patch16_siglip_224.webli')],
  },
  vit_base_patch16_siglip_256: siglip('SigLIP ViT-B/16 at 256', BASE, 256),
  vit_base_patch16_siglip_384: siglip('SigLIP ViT-B/16 at 384', BASE, 384),
  vit_base_patch16_siglip_512: siglip('SigLIP ViT-B/16 at 512', BASE, 512),
  vit_large_patch16_siglip_256: siglip('SigLIP ViT-L/16 at 256', LARGE, 256),
  vit_large_patch16_siglip_384: siglip('SigLIP ViT-L/16 at 384', LARGE, 384),
  vit_base_patch16_siglip_gap_224: siglip('SigLIP ViT-B/16, averaged', BASE, 224, 'mean'),
  vit_base_patch16_siglip_gap_256: siglip('SigLIP ViT-B/16, averaged, at 256', BASE, 256, 'mean'),
  vit_base_patch16_siglip_gap_384: siglip('SigLIP ViT-B/16, averaged, at 384', BASE, 384, 'mean'),
  vit_base_patch16_siglip_gap_512: siglip('SigLIP ViT-B/16, averaged, at 512', BASE, 512, 'mean'),
  vit_large_patch16_siglip_gap_256: siglip('SigLIP ViT-L/16, averaged, at 256', LARGE, 256, 'mean'),
  vit_large_patch16_siglip_gap_384: siglip('SigLIP ViT-L/16, averaged, at 384', LARGE, 384, 'mean'),
} as const satisfies Readonly<Record<string, Architecture>>;

/** Trained on ImageNet-21k with much augmentation (Steiner et al. 2022), as most of timm's plain ones. */
function plain(
  label: string,
  size: Size,
  patch: number,
  side: number,
  published: readonly PublishedWeights[] = [],
): Architecture {
  const preprocessing = preprocessed(side, side === 224 ? 0.9 : 1, 'bicubic', INCEPTION);
  return transformer(label, 'transformer, pretrained on many classes', size, patch, preprocessing, {}, published);
}

/** timm's own designs. */
function special(
  label: string,
  size: Size,
  patch: number,
  side: number,
  differences: Partial<VisionTransformer>,
): Architecture {
  const preprocessing = preprocessed(side, 0.95, 'bicubic', INCEPTION);
  return transformer(label, 'transformer, pretrained on many classes', size, patch, preprocessing, differences);
}

/** Registers in place of the class token; the patches' mean is normed. */
function registered(label: string, size: Size, registers: number, side: number, layerScale = true): Architecture {
  const differences = {
    classToken: false,
    registers,
    positionedClassToken: false,
    layerScale,
    pooling: 'mean',
  } as const;
  return special(label, size, 16, side, { ...differences, lastNorm: 'after pooling' });
}

function squashed(architecture: Architecture): Architecture {
  return { ...architecture, preprocessing: { ...architecture.preprocessing, cropMode: 'squash' } };
}

function deit(
  label: string,
  summary: string,
  size: Size,
  side: number,
  published: readonly PublishedWeights[] = [],
): Architecture {
  const preprocessing = preprocessed(side, side === 224 ? 0.9 : 1, 'bicubic', IMAGENET);
  return transformer(label, summary, size, 16, preprocessing, {}, published);
}

function distilled(label: string, size: Size, side: number): Architecture {
  const preprocessing = preprocessed(side, side === 224 ? 0.9 : 1, 'bicubic', IMAGENET);
  const summary = 'transformer that learnt from a convolutional network';
  return transformer(label, summary, size, 16, preprocessing, { distillationToken: true });
}

function deit3(label: string, size: Size, side: number): Architecture {
  const preprocessing = preprocessed(side, side === 224 ? 0.9 : 1, 'bicubic', IMAGENET);
  const differences = { positionedClassToken: false, layerScale: true };
  return transformer(label, 'transformer with a better recipe', size, 16, preprocessing, differences);
}

/** The position embedding is that of 518 pixels; 224 is what most people use, and seven times as fast. */
function dinov2(
  label: string,
  size: Size,
  registers: number,
  published: readonly PublishedWeights[] = [],
): Architecture {
  const differences = { grid: 518 / 14, registers, positionedClassToken: registers === 0, layerScale: true };
  const preprocessing = preprocessed(224, 1, 'bicubic', IMAGENET);
  const summary = 'self-supervised, good at fine differences';
  return transformer(label, summary, size, 14, preprocessing, differences, published);
}

function clip(
  label: string,
  size: Size,
  patch: number,
  side: number,
  activation: VisionTransformer['activation'],
  published: readonly PublishedWeights[] = [],
): Architecture {
  const preprocessing = preprocessed(side, side === 224 ? 0.9 : 1, 'bicubic', CLIP);
  const differences = { normBefore: true, epsilon: 1e-5, activation };
  return transformer(label, CAPTIONS, size, patch, preprocessing, differences, published);
}

/** Weights of these tags are another architecture's. */
function tagged(tags: readonly string[], other: string, architecture: Architecture): Architecture {
  return { ...architecture, tagged: Object.fromEntries(tags.map((tag) => [tag, other])) };
}

function siglip(label: string, size: Size, side: number, pooling: 'attention' | 'mean' = 'attention'): Architecture {
  const preprocessing = preprocessed(side, 0.9, 'bicubic', INCEPTION);
  const differences = { classToken: false, positionedClassToken: false, pooling };
  return transformer(label, CAPTIONS, size, 16, preprocessing, differences);
}

function transformer(
  label: string,
  summary: string,
  size: Size,
  patch: number,
  preprocessing: Preprocessing,
  differences: Partial<VisionTransformer>,
  published: readonly PublishedWeights[] = [],
): Architecture {
  const grid = preprocessing.size / patch;
  const network = { ...PLAIN, ...size, patch, grid, ...differences };
  return { label, summary, features: size.width, network, preprocessing, published };
}
