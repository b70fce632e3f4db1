import { expect, test } from 'vitest';
import { parseModelConfig } from '../../../src/models/config.ts';

const fields = {
  input_size: [3, 224, 224],
  interpolation: 'bicubic',
  crop_pct: 0.875,
  crop_mode: 'center',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  num_classes: 1000,
};
const preprocessing = {
  size: 224,
  cropPct: 0.875,
  interpolation: 'bicubic',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

test('the hub layout, and the old one with the fields at the top', () => {
  const expected = { architecture: 'resnet50', preprocessing };
  expect(parseModelConfig({ architecture: 'resnet50', num_features: 2048, pretrained_cfg: fields })).toEqual(expected);
  expect(parseModelConfig({ architecture: 'resnet50', ...fields })).toEqual(expected);
  const { crop_mode: _, ...withoutMode } = fields;
  expect(parseModelConfig({ architecture: 'resnet50', pretrained_cfg: withoutMode })).toEqual(expected);
  expect(parseModelConfig({ pretrained_cfg: { architecture: 'resnet50', ...fields } })).toEqual(expected);
});

test('trained at another size, it is used at the size that it is tested at', () => {
  const small = { ...fields, input_size: [3, 192, 192], test_input_size: [3, 224, 224], test_crop_pct: 0.95 };
  const parse = (pretrained_cfg: object) => parseModelConfig({ architecture: 'tf_efficientnetv2_b0', pretrained_cfg });
  expect(parse(small).preprocessing.cropPct).toBe(0.95);
  expect(parse({ ...small, test_crop_pct: null }).preprocessing.cropPct).toBe(0.875);
  const large = { ...fields, test_input_size: [3, 288, 288], test_crop_pct: 1 };
  expect(parse(large).preprocessing).toEqual(preprocessing);
});

test.each([
  ['pretrained_cfg.interpolation', { ...fields, interpolation: 'nearest' }],
  ['pretrained_cfg.crop_mode', { ...fields, crop_mode: 'squash' }],
  ['pretrained_cfg.input_size', { ...fields, input_size: [3, 288, 288] }],
  ['pretrained_cfg.input_size', { ...fields, input_size: [3, 224, 256] }],
  ['pretrained_cfg.input_size', { ...fields, input_size: [3, 192, 192], test_input_size: [3, 288, 288] }],
  ['pretrained_cfg.input_size.0', { ...fields, input_size: [1, 224, 224] }],
  ['pretrained_cfg.crop_pct', { ...fields, crop_pct: 0 }],
  ['pretrained_cfg.crop_pct', { ...fields, crop_pct: 1.5 }],
  ['pretrained_cfg.mean', { ...fields, mean: undefined }],
  ['pretrained_cfg.mean', { ...fields, mean: [0.5] }],
  ['pretrained_cfg.std.1', { ...fields, std: [1, 0, 1] }],
])('%s at fault is named', (key, pretrained_cfg) => {
  const parse = () => parseModelConfig({ architecture: 'resnet50', pretrained_cfg });
  expect(parse).toThrow(expect.objectContaining({ code: 'weights-refused' }));
  expect(parse).toThrow(`"${key}`);
});

test.each([
  [{ architecture: 'resnet101', pretrained_cfg: fields }, '"resnet101"'],
  [{ architecture: 'constructor', pretrained_cfg: fields }, '"constructor"'],
  [{ pretrained_cfg: fields }, '"architecture" is missing'],
  [{ architecture: 50, pretrained_cfg: fields }, '"architecture"'],
  [{ architecture: 'resnet50', pretrained_cfg: 'x' }, '"pretrained_cfg"'],
  [null, 'not a JSON object'],
  ['<html>', 'not a JSON object'],
])('%j is refused', (json, reason) => {
  const parse = () => parseModelConfig(json);
  expect(parse).toThrow(expect.objectContaining({ code: 'weights-refused' }));
  expect(parse).toThrow(reason);
});
