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
  tf_efficientnetv2_b0: efficientnet('EfficientNetV2-B0', 'fastest network that is accurate', {
    design: 'v2-b',
    tensorflow: true,
    features: 1280,
    published: [{ id: 'tf_efficientnetv2_b0.in1k', group: 'light', bytes: 28_842_000, licence: 'Apache-2.0' }],
  }),
  tf_efficientnetv2_b1: v2('EfficientNetV2-B1', 1, 1.1, 240, 1280),
  tf_efficientnetv2_b2: v2('EfficientNetV2-B2', 1.1, 1.2, 260, 1408),
  tf_efficientnetv2_b3: v2('EfficientNetV2-B3', 1.2, 1.4, 300, 1536),
  tf_efficientnetv2_s: {
    ...efficientnet('EfficientNetV2-S', 'accurate convolutional network of middle size', {
      design: 'v2-s',
      tensorflow: true,
      features: 1280,
    }),
    preprocessing: preprocessed(384, 1, 'bicubic', INCEPTION),
  },
  mobilenetv3_large_100: efficientnet('MobileNetV3-Large', 'made for phones: small, fast', {
    design: 'mobilenetv3-large',
    features: 1280,
    published: [{ id: 'mobilenetv3_large_100.ra_in1k', group: 'light', bytes: null, licence: 'Apache-2.0' }],
  }),
  mobilenetv3_small_050: efficientnet('MobileNetV3-Small 0.5', 'the smallest network of all', {
    design: 'mobilenetv3-small',
    width: 0.5,
    features: 1024,
  }),
  mobilenetv3_small_100: efficientnet('MobileNetV3-Small', 'made for phones: smallest, fastest', {
    design: 'mobilenetv3-small',
    features: 1024,
  }),
} as const satisfies Readonly<Record<string, Architecture>>;

function b(label: string, width: number, depth: number, size: number, features: number): Architecture {
  return efficientnet(label, 'thrifty convolutional network', { design: 'b', width, depth, size, features });
}

function v2(label: string, width: number, depth: number, size: number, features: number): Architecture {
  const scaled = { design: 'v2-b', tensorflow: true, width, depth, size, features } as const;
  return efficientnet(label, 'fast convolutional network that is accurate', scaled);
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
