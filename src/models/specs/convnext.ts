import { type Architecture, type ConvNeXt, type PublishedWeights, preprocessed } from './architecture.ts';

/** ConvNeXts of the first version, by timm's names. */
export const CONVNEXTS = {
  convnext_atto: convnext('ConvNeXt-Atto', [2, 2, 6, 2], 40, 'convolution'),
  convnext_femto: convnext('ConvNeXt-Femto', [2, 2, 6, 2], 48, 'convolution'),
  convnext_pico: convnext('ConvNeXt-Pico', [2, 2, 6, 2], 64, 'convolution'),
  convnext_nano: convnext('ConvNeXt-Nano', [2, 2, 8, 2], 80, 'convolution'),
  convnext_tiny: convnext('ConvNeXt-Tiny', [3, 3, 9, 3], 96, 'linear', [
    {
      id: 'convnext_tiny.in12k_ft_in1k',
      group: 'strong',
      bytes: null,
      licence: 'Apache-2.0',
      preprocessing: preprocessed(224, 0.95, 'bicubic'),
    },
  ]),
  convnext_small: convnext('ConvNeXt-Small', [3, 3, 27, 3], 96, 'linear'),
  convnext_base: convnext('ConvNeXt-Base', [3, 3, 27, 3], 128, 'linear'),
} as const satisfies Readonly<Record<string, Architecture>>;

function convnext(
  label: string,
  depths: ConvNeXt['depths'],
  width: number,
  mlp: ConvNeXt['mlp'],
  published: readonly PublishedWeights[] = [],
): Architecture {
  const widths = [width, 2 * width, 4 * width, 8 * width] as const;
  return {
    label,
    summary: 'modern convolutional network, accurate',
    features: widths[3],
    network: { family: 'convnext', depths, widths, mlp },
    preprocessing: preprocessed(224, 0.875, 'bicubic'),
    published,
  };
}
