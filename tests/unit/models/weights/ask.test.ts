import { expect, test } from 'vitest';
import { fileOf } from '../../../../src/models/weights/ask.ts';

test.each([
  ['https://hub.test/api/models/timm/resnet50.a1_in1k/tree/main', 'the list of files of timm/resnet50.a1_in1k'],
  ['https://hub.test/api/models/timm/resnet50.a1_in1k', 'the description of timm/resnet50.a1_in1k'],
  ['https://hub.test/timm/resnet50.a1_in1k/resolve/main/config.json', 'config.json of timm/resnet50.a1_in1k'],
  ['https://hub.test/me/a%20net/resolve/refs%2Fpr%2F1/model.safetensors', 'model.safetensors of me/a net'],
  ['http://localhost/likeness/models/my%20net/config.json', 'config.json of my net'],
  ['http://localhost/likeness/models/index.json', 'index.json'],
])('%s is named by its model', (url, name) => {
  expect(fileOf(new URL(url))).toBe(name);
});
