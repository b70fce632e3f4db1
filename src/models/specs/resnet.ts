import { type Architecture, type PublishedWeights, preprocessed, type ResNet } from './architecture.ts';

/** ResNets of version 1.5, by timm's names. */
export const RESNETS = {
  resnet18: resnet(
    'ResNet-18',
    'basic',
    [2, 2, 2, 2],
    [
      {
        id: 'resnet18.a1_in1k',
        group: 'light',
        bytes: null,
        licence: 'Apache-2.0',
        summary: 'small convolutional network, fast anywhere',
        preprocessing: preprocessed(224, 0.95, 'bicubic'),
      },
    ],
  ),
  resnet26: resnet('ResNet-26', 'bottleneck', [2, 2, 2, 2]),
  resnet34: resnet('ResNet-34', 'basic', [3, 4, 6, 3]),
  resnet50: resnet(
    'ResNet-50',
    'bottleneck',
    [3, 4, 6, 3],
    [{ id: 'resnet50.tv_in1k', group: 'paper', bytes: 102_469_840, licence: 'BSD-3-Clause' }],
  ),
  resnet101: resnet('ResNet-101', 'bottleneck', [3, 4, 23, 3]),
  resnet152: resnet('ResNet-152', 'bottleneck', [3, 8, 36, 3]),
  wide_resnet50_2: wide('Wide ResNet-50', [3, 4, 6, 3]),
  wide_resnet101_2: wide('Wide ResNet-101', [3, 4, 23, 3]),
} as const satisfies Readonly<Record<string, Architecture>>;

function resnet(
  label: string,
  block: ResNet['block'],
  depths: ResNet['depths'],
  published: readonly PublishedWeights[] = [],
): Architecture {
  return {
    label,
    summary: 'classic convolutional network, strong baseline',
    features: block === 'basic' ? 512 : 2048,
    network: { family: 'resnet', block, widening: 1, depths },
    preprocessing: preprocessed(224, 0.875, 'bilinear'),
    published,
  };
}

function wide(label: string, depths: ResNet['depths']): Architecture {
  return {
    ...resnet(label, 'bottleneck', depths),
    summary: 'convolutional network with wide blocks',
    network: { family: 'resnet', block: 'bottleneck', widening: 2, depths },
  };
}
