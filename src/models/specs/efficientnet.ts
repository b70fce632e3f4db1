import {
  type Architecture,
  type EfficientNet,
  INCEPTION,
  type PublishedWeights,
  preprocessed,
} from './architecture.ts';

interface Scaled {
  readonly design: EfficientNet['design'];
  readonly width?: number;
  readonly depth?: number;
  readonly tensorflow?: boolean;
  /** Side that the network was made for. */
  readonly size?: number;
  readonly features: number;
  readonly published?: readonly PublishedWeights[];
}

/** EfficientNets and their mobile relatives, by timm's names. */
export const EFFICIENTNETS = {
  efficientnet_b0: efficientnet('EfficientNet-B0', 'small, thrifty convolutional network', {
    design: 'b',
    features: 1280,
    published: [{ id: 'efficientnet_b0.ra_in1k', group: 'paper', bytes: 21_355_344, licence: 'Apache-2.0' }],
  }),
  efficientnet_b1: b('EfficientNet-B1', 1, 1.1, 240, 1280),
  efficientnet_b2: b('EfficientNet-B2', 1.1, 1.2, 256, 1408),
  efficientnet_b3: b('EfficientNet-B3', 1.2, 1.4, 288, 1536),
  efficientnet_b4: b('EfficientNet-B4', 1.4, 1.8, 320, 1792),
  efficientnet_b5: b('EfficientNet-B5', 1.6, 2.2, 448, 2048),
  tf_efficientnet_b0: tf('EfficientNet-B0 (TensorFlow)', 1, 1, 224, 1280, 0.875),
  tf_efficientnet_b1: tf('EfficientNet-B1 (TensorFlow)', 1, 1.1, 240, 1280, 0.882),
  tf_efficientnet_b2: tf('EfficientNet-B2 (TensorFlow)', 1.1, 1.2, 260, 1408, 0.89),
  tf_efficientnet_b3: tf('EfficientNet-B3 (TensorFlow)', 1.2, 1.4, 300, 1536, 0.904),
  tf_efficientnet_b4: tf('EfficientNet-B4 (TensorFlow)', 1.4, 1.8, 380, 1792, 0.922),
  tf_efficientnet_b5: tf('EfficientNet-B5 (TensorFlow)', 1.6, 2.2, 456, 2048, 0.934),
  tf_efficientnet_b6: tf('EfficientNet-B6 (TensorFlow)', 1.8, 2.6, 528, 2304, 0.942),
  tf_efficientnet_b7: tf('EfficientNet-B7 (TensorFlow)', 2, 3.1, 600, 2560, 0.949),
  tf_efficientnetv2_b0: efficientnet('EfficientNetV2-B0', 'fastest network that is accurate', {
    design: 'v2-b',
    tensorflow: true,
    features: 1280,
    published: [{ id: 'tf_efficientnetv2_b0.in1k', group: 'light', bytes: 28_842_000, licence: 'Apache-2.0' }],
  }),
  tf_efficientnetv2_b1: v2('EfficientNetV2-B1', 1, 1.1, 240, 1280),
  tf_efficientnetv2_b2: v2('EfficientNetV2-B2', 1.1, 1.2, 260, 1408),
  tf_efficientnetv2_b3: v2('EfficientNetV2-B3', 1.2, 1.4, 300, 1536),
  tf_efficientnetv2_s: largeV2('EfficientNetV2-S', 'v2-s', 384),
  tf_efficientnetv2_m: squashed(largeV2('EfficientNetV2-M', 'v2-m', 480)),
  tf_efficientnetv2_l: squashed(largeV2('EfficientNetV2-L', 'v2-l', 480)),
  mobilenetv3_large_100: {
    ...mobile('MobileNetV3-Large', 'large', 1),
    published: [{ id: 'mobilenetv3_large_100.ra_in1k', group: 'light', bytes: null, licence: 'Apache-2.0' }],
  },
  mobilenetv3_large_075: mobile('MobileNetV3-Large 0.75', 'large', 0.75),
  mobilenetv3_small_050: mobile('MobileNetV3-Small 0.5', 'small', 0.5),
  mobilenetv3_small_075: mobile('MobileNetV3-Small 0.75', 'small', 0.75),
  mobilenetv3_small_100: mobile('MobileNetV3-Small', 'small', 1),
  tf_mobilenetv3_large_075: mobile('MobileNetV3-Large 0.75 (TensorFlow)', 'large', 0.75, true),
  tf_mobilenetv3_large_100: mobile('MobileNetV3-Large (TensorFlow)', 'large', 1, true),
  tf_mobilenetv3_small_075: mobile('MobileNetV3-Small 0.75 (TensorFlow)', 'small', 0.75, true),
  tf_mobilenetv3_small_100: mobile('MobileNetV3-Small (TensorFlow)', 'small', 1, true),
} as const satisfies Readonly<Record<string, Architecture>>;

function b(label: string, width: number, depth: number, size: number, features: number): Architecture {
  return efficientnet(label, 'thrifty convolutional network', { design: 'b', width, depth, size, features });
}

function tf(
  label: string,
  width: number,
  depth: number,
  size: number,
  features: number,
  cropPct: number,
): Architecture {
  const scaled = { design: 'b', tensorflow: true, width, depth, features } as const;
  return {
    ...efficientnet(label, 'thrifty convolutional network', scaled),
    preprocessing: preprocessed(size, cropPct, 'bicubic'),
  };
}

function v2(label: string, width: number, depth: number, size: number, features: number): Architecture {
  const scaled = { design: 'v2-b', tensorflow: true, width, depth, size, features } as const;
  return efficientnet(label, 'fast convolutional network that is accurate', scaled);
}

function largeV2(label: string, design: EfficientNet['design'], size: number): Architecture {
  return {
    ...efficientnet(label, 'accurate convolutional network', { design, tensorflow: true, features: 1280 }),
    preprocessing: preprocessed(size, 1, 'bicubic', INCEPTION),
  };
}

function squashed(architecture: Architecture): Architecture {
  return { ...architecture, preprocessing: { ...architecture.preprocessing, cropMode: 'squash' } };
}

function mobile(label: string, kind: 'large' | 'small', width: number, tensorflow = false): Architecture {
  const features = kind === 'large' ? 1280 : 1024;
  const summary = kind === 'large' ? 'made for phones: small, fast' : 'made for phones: smallest, fastest';
  const own = efficientnet(label, summary, { design: `mobilenetv3-${kind}`, width, tensorflow, features });
  return tensorflow ? { ...own, preprocessing: preprocessed(224, 0.875, 'bilinear', INCEPTION) } : own;
}

function efficientnet(label: string, summary: string, scaled: Scaled): Architecture {
  const { design, width = 1, depth = 1, tensorflow = false, size = 224, features, published = [] } = scaled;
  return {
    label,
    summary,
    features,
    network: { family: 'efficientnet', design, width, depth, tensorflow },
    preprocessing: preprocessed(size, 0.875, 'bicubic'),
    published,
  };
}
