import { expect, test } from 'vitest';
import { isTransformersConfig, parseModelConfig } from '../../../src/models/config.ts';

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
  const expected = { architecture: 'resnet50', preprocessing, sizes: [{ size: 224, cropPct: 0.875 }], note: null };
  expect(parseModelConfig({ architecture: 'resnet50', num_features: 2048, pretrained_cfg: fields })).toEqual(expected);
  expect(parseModelConfig({ architecture: 'resnet50', ...fields })).toEqual(expected);
  const { crop_mode: _, ...withoutMode } = fields;
  expect(parseModelConfig({ architecture: 'resnet50', pretrained_cfg: withoutMode })).toEqual(expected);
  expect(parseModelConfig({ pretrained_cfg: { architecture: 'resnet50', ...fields } })).toEqual(expected);
});

test('one that says nothing of the preprocessing gets the architecture’s usual one', () => {
  const { preprocessing: usual } = parseModelConfig({ architecture: 'vit_base_patch16_224', num_classes: 10 });
  expect(usual).toMatchObject({ size: 224, cropPct: 0.9, mean: [0.5, 0.5, 0.5] });
});

test('trained at another size than tested, both are offered, and the architecture’s own is used', () => {
  const small = { ...fields, input_size: [3, 192, 192], test_input_size: [3, 224, 224], test_crop_pct: 0.95 };
  const parse = (pretrained_cfg: object) => parseModelConfig({ architecture: 'tf_efficientnetv2_b0', pretrained_cfg });
  expect(parse(small).preprocessing).toMatchObject({ size: 224, cropPct: 0.95 });
  expect(parse(small).sizes).toEqual([
    { size: 224, cropPct: 0.95 },
    { size: 192, cropPct: 0.875 },
  ]);
  expect(parse({ ...small, test_crop_pct: null }).preprocessing.cropPct).toBe(0.875);
  const large = { ...fields, test_input_size: [3, 288, 288], test_crop_pct: 1 };
  expect(parse(large).preprocessing).toEqual(preprocessing);
  expect(parse(large).sizes).toEqual([
    { size: 224, cropPct: 0.875 },
    { size: 288, cropPct: 1 },
  ]);
});

test('any square size is taken that the network can', () => {
  const at = (architecture: string, size: number) =>
    parseModelConfig({ architecture, pretrained_cfg: { ...fields, input_size: [3, size, size] } }).sizes;
  expect(at('resnet50', 160)).toEqual([{ size: 160, cropPct: 0.875 }]);
  expect(at('efficientnet_b1', 255)).toEqual([{ size: 255, cropPct: 0.875 }]);
  expect(at('vit_base_patch16_384', 384)[0]?.size).toBe(384);
});

test('DINOv2 is used at 224 pixels, its own 518 are a choice', () => {
  const pretrained_cfg = { ...fields, input_size: [3, 518, 518], crop_pct: 1 };
  const { preprocessing: used, sizes } = parseModelConfig({ architecture: 'vit_base_patch14_dinov2', pretrained_cfg });
  expect(used).toMatchObject({ size: 224, cropPct: 1 });
  expect(sizes.map(({ size }) => size)).toEqual([224, 518]);
});

test('images may be squashed or get a border', () => {
  for (const crop_mode of ['squash', 'border']) {
    const pretrained_cfg = { ...fields, crop_mode };
    expect(parseModelConfig({ architecture: 'resnet50', pretrained_cfg }).preprocessing.cropMode).toBe(crop_mode);
  }
});

test('a network that timm builds otherwise than its name says is that one, or refused', () => {
  const built = (architecture: string, model_args: object | null) =>
    parseModelConfig({ architecture, pretrained_cfg: fields, model_args }).architecture;
  expect(built('resnet50', null)).toBe('resnet50');
  expect(built('resnet50', { num_classes: 7, drop_path_rate: 0.1, in_chans: 3 })).toBe('resnet50');
  const quick = { act_layer: 'quick_gelu', img_size: 224 };
  expect(built('vit_base_patch32_clip_224', quick)).toBe('vit_base_patch32_clip_quickgelu_224');
  expect(built('vit_base_patch32_clip_quickgelu_224', quick)).toBe('vit_base_patch32_clip_quickgelu_224');
  expect(() => built('vit_base_patch16_224', quick)).toThrow('"model_args.act_layer" is "quick_gelu"');
  expect(() => built('resnet50', { output_stride: 16 })).toThrow('"model_args.output_stride" is 16');
  expect(() => built('vit_base_patch16_224', { global_pool: 'avg' })).toThrow(
    'no vit_base_patch16_224 that is built so',
  );
});

test('a random interpolation is bicubic, and said', () => {
  const random = { architecture: 'resnet50', pretrained_cfg: { ...fields, interpolation: 'random' } };
  expect(parseModelConfig(random)).toMatchObject({
    preprocessing: { interpolation: 'bicubic' },
    note: expect.stringContaining('random'),
  });
});

test('CLIP’s own weights are read with the activation that they were trained with', () => {
  const of = (tag: string) =>
    parseModelConfig({ architecture: 'vit_base_patch32_clip_224', pretrained_cfg: { ...fields, tag } }).architecture;
  expect(of('openai')).toBe('vit_base_patch32_clip_quickgelu_224');
  expect(of('laion2b')).toBe('vit_base_patch32_clip_224');
});

test.each([
  ['resnet50', 'pretrained_cfg.interpolation', { ...fields, interpolation: 'nearest' }],
  ['resnet50', 'pretrained_cfg.crop_mode', { ...fields, crop_mode: 'stretch' }],
  ['resnet50', 'pretrained_cfg.input_size', { ...fields, input_size: [3, 16, 16] }],
  ['resnet50', 'pretrained_cfg.input_size', { ...fields, input_size: [3, 4096, 4096] }],
  ['resnet50', 'pretrained_cfg.input_size', { ...fields, input_size: [3, 224, 256] }],
  ['vit_base_patch16_224', 'pretrained_cfg.input_size', { ...fields, input_size: [3, 230, 230] }],
  ['resnet50', 'pretrained_cfg.test_input_size', { ...fields, test_input_size: [3, 288, 300] }],
  ['resnet50', 'pretrained_cfg.input_size.0', { ...fields, input_size: [1, 224, 224] }],
  ['resnet50', 'pretrained_cfg.crop_pct', { ...fields, crop_pct: 0 }],
  ['resnet50', 'pretrained_cfg.crop_pct', { ...fields, crop_pct: 1.5 }],
  ['resnet50', 'pretrained_cfg.mean', { ...fields, mean: undefined }],
  ['resnet50', 'pretrained_cfg.mean', { ...fields, mean: [0.5] }],
  ['resnet50', 'pretrained_cfg.std.1', { ...fields, std: [1, 0, 1] }],
])('of %s, %s at fault is named', (architecture, key, pretrained_cfg) => {
  const parse = () => parseModelConfig({ architecture, pretrained_cfg });
  expect(parse).toThrow(expect.objectContaining({ code: 'weights-refused' }));
  expect(parse).toThrow(`"${key}`);
});

test.each([
  [{ architecture: 'swin_tiny_patch4_window7_224', pretrained_cfg: fields }, '"swin_tiny_patch4_window7_224"'],
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

test('a config.json of the transformers library is known', () => {
  expect(isTransformersConfig({ model_type: 'vit', hidden_size: 192 })).toBe(true);
  expect(isTransformersConfig({ model_type: 'timm_wrapper', architecture: 'resnet50', pretrained_cfg: {} })).toBe(
    false,
  );
  expect(isTransformersConfig({ architecture: 'resnet50' })).toBe(false);
  expect(isTransformersConfig(null)).toBe(false);
});
