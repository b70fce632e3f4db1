import { expect, test } from 'vitest';
import { parseHubAddress } from '../../../../src/models/weights/look-up.ts';
import { HUB } from '../../../../src/models/weights/sources.ts';

test.each([
  ['timm/resnet18.a1_in1k', 'timm/resnet18.a1_in1k', 'main'],
  ['  resnet18.a1_in1k ', 'timm/resnet18.a1_in1k', 'main'],
  ['hf-hub:timm/vit_base_patch16_224.dino', 'timm/vit_base_patch16_224.dino', 'main'],
  ['hf_hub:someone/own-weights', 'someone/own-weights', 'main'],
  ['https://huggingface.co/timm/resnet18.a1_in1k', 'timm/resnet18.a1_in1k', 'main'],
  ['https://huggingface.co/timm/resnet18.a1_in1k/tree/v1.0?x=1#files', 'timm/resnet18.a1_in1k', 'v1.0'],
  ['huggingface.co/timm/resnet18.a1_in1k/blob/0a1b2c/config.json', 'timm/resnet18.a1_in1k', '0a1b2c'],
])('%s', (text, repository, revision) => {
  expect(parseHubAddress(text, HUB)).toEqual({ repository, revision });
});

test.each([
  '',
  '/',
  'timm/',
  '../../etc/passwd',
  'timm/..',
  'https://evil.example/timm/resnet18.a1_in1k',
  'timm/resnet18.a1_in1k/tree/main',
  'timm/a b',
  'timm/<script>',
  `timm/${'x'.repeat(200)}`,
  'https://huggingface.co/timm/resnet18.a1_in1k/tree/..%2f..',
])('%j is refused', (text) => {
  expect(() => parseHubAddress(text, HUB)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
});
