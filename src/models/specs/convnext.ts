import { type Architecture, type ConvNeXt, preprocessed } from './architecture.ts';

const USUAL = { family: 'convnext', stem: 'patches', lastNorm: 'after pooling', mlp: 'linear' } as const;

/** timm's own keep the weights of their MLPs so. */
const SMALL = { mlp: 'convolution' } as const;

/** ConvNeXts of the first version, by timm's names. */
export const CONVNEXTS = {
  convnext_atto: convnext('ConvNeXt-Atto', [2, 2, 6, 2], 40, SMALL),
  convnext_atto_ols: convnext('ConvNeXt-Atto, overlapping stem', [2, 2, 6, 2], 40, { ...SMALL, stem: 24 }),
  convnext_femto: convnext('ConvNeXt-Femto', [2, 2, 6, 2], 48, SMALL),
  convnext_femto_ols: convnext('ConvNeXt-Femto, overlapping stem', [2, 2, 6, 2], 48, { ...SMALL, stem: 24 }),
  convnext_pico: convnext('ConvNeXt-Pico', [2, 2, 6, 2], 64, SMALL),
  convnext_pico_ols: convnext('ConvNeXt-Pico, overlapping stem', [2, 2, 6, 2], 64, { ...SMALL, stem: 32 }),
  convnext_nano: convnext('ConvNeXt-Nano', [2, 2, 8, 2], 80, SMALL),
  convnext_nano_ols: convnext('ConvNeXt-Nano, overlapping stem', [2, 2, 8, 2], 80, { ...SMALL, stem: 80 }),
  convnext_tiny_hnf: convnext('ConvNeXt-Tiny, norm before pooling', [3, 3, 9, 3], 96, {
    ...SMALL,
    lastNorm: 'before pooling',
  }),
  convnext_tiny: {
    ...convnext('ConvNeXt-Tiny', [3, 3, 9, 3], 96),
    published: [
      {
        id: 'convnext_tiny.in12k_ft_in1k',
        group: 'strong',
        bytes: null,
        licence: 'Apache-2.0',
        preprocessing: preprocessed(224, 0.95, 'bicubic'),
      },
    ],
  },
  convnext_small: convnext('ConvNeXt-Small', [3, 3, 27, 3], 96),
  convnext_base: convnext('ConvNeXt-Base', [3, 3, 27, 3], 128),
  convnext_large: convnext('ConvNeXt-Large', [3, 3, 27, 3], 192),
  convnext_xlarge: convnext('ConvNeXt-XLarge', [3, 3, 27, 3], 256),
} as const satisfies Readonly<Record<string, Architecture>>;

function convnext(
  label: string,
  depths: ConvNeXt['depths'],
  width: number,
  differences: Partial<ConvNeXt> = {},
): Architecture {
  const widths = [width, 2 * width, 4 * width, 8 * width] as const;
  return {
    label,
    summary: 'modern convolutional network, accurate',
    features: widths[3],
    network: { ...USUAL, depths, widths, ...differences },
    preprocessing: preprocessed(224, 0.875, 'bicubic'),
    published: [],
  };
}
