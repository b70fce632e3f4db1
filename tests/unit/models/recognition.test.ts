import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parametersOf, tensorsOf } from '../../../src/models/networks/network.ts';
import { architectureOf, fittingArchitectures, recognise, withTags } from '../../../src/models/recognition.ts';
import type { Safetensors } from '../../../src/models/safetensors.ts';
import {
  ARCHITECTURE_NAMES,
  ARCHITECTURES,
  type ArchitectureName,
  isArchitecture,
} from '../../../src/models/specs/architectures.ts';
import { openFixture } from '../../formula.ts';

type Shapes = Map<string, readonly number[]>;

const fixtures = ['.', 'families'].flatMap((folder) => {
  const place = new URL(`../../fixtures/parity/${folder}/`, import.meta.url);
  return readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      architecture: name.replace(/^formula_(.*?)(_conditioned)?\.json$/, '$1'),
      ...openFixture(JSON.parse(readFileSync(new URL(name, place), 'utf8'))),
    }));
});

/** What timm saves: the network's tensors, its classifier, its counters. */
function checkpoint(architecture: ArchitectureName): Shapes {
  const { features, network } = ARCHITECTURES[architecture];
  const head = { resnet: 'fc', efficientnet: 'classifier', convnext: 'head.fc', vit: 'head' }[network.family];
  const norms = [...tensorsOf(architecture).keys()].filter((name) => name.endsWith('running_mean'));
  return new Map<string, readonly number[]>([
    ...tensorsOf(architecture),
    ...norms.map((name) => [name.replace('running_mean', 'num_batches_tracked'), []] as const),
    [`${head}.weight`, [37, features]],
    [`${head}.bias`, [37]],
  ]);
}

function file(shapes: ReadonlyMap<string, readonly number[]>, values: (name: string) => number = () => 1): Safetensors {
  const entries = [...shapes].map(([name, shape]) => [name, { dtype: 'F32', shape, begin: 0, end: 0 }] as const);
  return {
    tensors: new Map(entries),
    metadata: {},
    async read(name) {
      const length = (shapes.get(name) ?? []).reduce((product, side) => product * side, 1);
      return Float32Array.from({ length }, (_, i) => values(name) + i / 1024);
    },
  };
}

const networkOf = (name: ArchitectureName) => JSON.stringify(ARCHITECTURES[name].network);

test.each(fixtures)('$architecture reads the tensors that timm has', ({ architecture, shapes }) => {
  if (!isArchitecture(architecture)) throw new Error('It is not known.');
  expect(Object.fromEntries(tensorsOf(architecture))).toEqual(Object.fromEntries(shapes));
});

test.each(fixtures)('$architecture has as many features as timm says', ({ architecture, reference }) => {
  if (!isArchitecture(architecture)) throw new Error('It is not known.');
  expect(ARCHITECTURES[architecture].features).toBe(reference[0].length);
});

test('parameters are counted', () => {
  // timm's counts without classifiers, running means and variances included.
  expect(parametersOf('resnet50')).toBe(23_508_032 + 53_120);
  expect(parametersOf('deit_tiny_patch16_224')).toBe(5_524_416);
});

// All pairs: what fits besides an architecture itself has the very same tensors.
test.each(ARCHITECTURE_NAMES)('%s is told from every other', (architecture) => {
  const found = fittingArchitectures(checkpoint(architecture));
  expect(found).toContain(architecture);
  for (const other of ARCHITECTURE_NAMES) {
    const same = JSON.stringify([...tensorsOf(other)]) === JSON.stringify([...tensorsOf(architecture)]);
    expect(found.includes(other), other).toBe(same);
  }
  // Whether one of them is meant is then told by the name of its weights, never guessed.
  expect(architectureOf(found, `${architecture}.some_tag`)).toBe(architecture);
  const several = new Set(found.map(networkOf)).size > 1;
  if (several) expect(() => architectureOf(found, 'model')).toThrow(/fit .* and .* alike/);
  else expect(networkOf(architectureOf(found, 'model'))).toBe(networkOf(architecture));
});

test('weights that timm lists under another activation’s name are known by their tag', () => {
  const clip = fittingArchitectures(checkpoint('vit_base_patch32_clip_224'));
  expect(architectureOf(clip, 'vit_base_patch32_clip_224.openai')).toBe('vit_base_patch32_clip_quickgelu_224');
  expect(architectureOf(clip, 'vit_base_patch32_clip_224.laion2b')).toBe('vit_base_patch32_clip_224');
  for (const name of ARCHITECTURE_NAMES) {
    for (const [tag, other] of Object.entries(ARCHITECTURES[name].tagged ?? {})) {
      expect(withTags(name, [tag])).toBe(other);
      expect([...tensorsOf(withTags(name, [tag]))]).toEqual([...tensorsOf(name)]);
    }
  }
});

test.each<[string, ArchitectureName, string, readonly number[]]>([
  ['a deeper ResNet', 'resnet50', 'layer3.6.conv1.weight', [256, 1024, 1, 1]],
  ['a wide ResNet', 'resnet50', 'layer1.0.conv2.weight', [128, 128, 3, 3]],
  ['a deeper EfficientNet', 'efficientnet_b0', 'blocks.6.1.conv_pw.weight', [1920, 320, 1, 1]],
  ['a ViT for rectangles', 'vit_base_patch16_224', 'pos_embed', [1, 300, 768]],
  ['a ViT with a distillation token', 'deit_tiny_patch16_224', 'dist_token', [1, 1, 192]],
  ['a deeper ViT', 'deit_tiny_patch16_224', 'blocks.12.attn.qkv.weight', [576, 192]],
  ['a ViT that averages its tokens', 'vit_base_patch16_224', 'fc_norm.weight', [768]],
])('%s is refused, with what it resembles and what differs', (_, architecture, name, shape) => {
  const shapes = checkpoint(architecture).set(name, shape);
  expect(fittingArchitectures(shapes)).toEqual([]);
  expect(() => recognise(file(shapes))).toThrow(`resemble ${architecture} most, but "${name}" `);
});

test('a file of another family says which it resembles most, and the first tensor that differs', () => {
  const shapes = checkpoint('convnext_base');
  shapes.delete('stages.2.blocks.7.gamma');
  expect(() => recognise(file(shapes))).toThrow(
    'resemble convnext_base most, but "stages.2.blocks.7.gamma" is missing. Nothing was cached.',
  );
  expect(() => recognise(file(new Map([['a', [3]]])))).toThrow(
    'The tensors in this file are of no network that Likeness has. Nothing was cached.',
  );
  expect(() => recognise(file(new Map()))).toThrow('of no network');
});

test.each([
  'module.',
  '_orig_mod.',
  'model.',
  'backbone.',
  'timm_model.',
  'module._orig_mod.',
  'model.module.backbone.',
  'state_dict.',
  'net.encoder.trunk.',
])('the names of a training wrapper (%s) are left out where everything then fits', async (prefix) => {
  const shapes: Shapes = new Map([...checkpoint('resnet18')].map(([name, shape]) => [prefix + name, shape]));
  shapes.set('criterion.proxies', [100, 512]);
  const { architectures, read } = recognise(file(shapes, (name) => name.length));
  expect(architectures).toEqual(['resnet18']);
  expect((await read('bn1.bias'))[0]).toBe(`${prefix}bn1.bias`.length);
});

test('weights without classifier are recognised', () => {
  for (const name of ARCHITECTURE_NAMES) expect(fittingArchitectures(tensorsOf(name))).toContain(name);
});

/** timm's names as the transformers library has them, queries, keys and values apart. */
function transformersNames(architecture: ArchitectureName, prefix: string): Shapes {
  const dino = ARCHITECTURES[architecture].network.family === 'vit' && architecture.includes('dinov2');
  const outer: Readonly<Record<string, string>> = {
    cls_token: 'embeddings.cls_token',
    reg_token: 'embeddings.register_tokens',
    pos_embed: 'embeddings.position_embeddings',
    'patch_embed.proj.weight': 'embeddings.patch_embeddings.projection.weight',
    'patch_embed.proj.bias': 'embeddings.patch_embeddings.projection.bias',
    'norm.weight': 'layernorm.weight',
    'norm.bias': 'layernorm.bias',
  };
  const inner: readonly [string, string][] = dino
    ? [
        ['attn.proj', 'attention.output.dense'],
        ['ls1.gamma', 'layer_scale1.lambda1'],
        ['ls2.gamma', 'layer_scale2.lambda1'],
      ]
    : [
        ['norm1', 'layernorm_before'],
        ['attn.proj', 'attention.output.dense'],
        ['norm2', 'layernorm_after'],
        ['mlp.fc1', 'intermediate.dense'],
        ['mlp.fc2', 'output.dense'],
      ];
  const shapes: Shapes = new Map();
  for (const [name, shape] of tensorsOf(architecture)) {
    const block = /^blocks\.(\d+)\.(.*)$/.exec(name);
    if (!block) {
      const registers = dino && name === 'pos_embed' && tensorsOf(architecture).has('reg_token');
      const [images = 1, tokens = 1, width = 1] = shape;
      shapes.set(prefix + (outer[name] ?? name), registers ? [images, tokens + 1, width] : shape);
      continue;
    }
    const [, index, rest = ''] = block;
    const at = `${prefix}encoder.layer.${index}.`;
    const qkv = /^attn\.qkv\.(weight|bias)$/.exec(rest);
    if (qkv) {
      const [rows = 0, ...others] = shape;
      for (const part of ['query', 'key', 'value']) {
        shapes.set(`${at}attention.attention.${part}.${qkv[1]}`, [rows / 3, ...others]);
      }
      continue;
    }
    const [from, to] = inner.find(([start]) => rest.startsWith(start)) ?? ['', ''];
    shapes.set(at + to + rest.slice(from.length), shape);
  }
  return shapes;
}

test.each<[ArchitectureName, string]>([
  ['vit_base_patch16_224', 'vit.'],
  ['deit_small_patch16_224', 'deit.'],
  ['vit_large_patch16_384', ''],
  ['vit_small_patch14_dinov2', 'dinov2.'],
  ['vit_small_patch14_dinov2', ''],
  ['vit_base_patch14_reg4_dinov2', 'dinov2_with_registers.'],
])('%s is read in the layout of the transformers library (below "%s")', async (architecture, prefix) => {
  const shapes = transformersNames(architecture, prefix);
  shapes.set('classifier.weight', [10, 768]).set(`${prefix}embeddings.mask_token`, [1, 768]);
  const names = [...shapes.keys()];
  const { architectures, read, shapes: found } = recognise(file(shapes, (name) => names.indexOf(name)));
  expect(architectures).toContain(architecture);
  const at = `${prefix}encoder.layer.3.attention.attention`;
  const width = ARCHITECTURES[architecture].features;
  const qkv = await read('blocks.3.attn.qkv.bias');
  expect(qkv.length).toBe(3 * width);
  expect(['query', 'key', 'value'].map((part) => names.indexOf(`${at}.${part}.bias`))).toEqual([
    qkv[0],
    qkv[width],
    qkv[2 * width],
  ]);
  const positions = await read('pos_embed');
  expect(positions.length).toBe((found.get('pos_embed') ?? []).reduce((product, side) => product * side, 1));
  const [token, place] = ['cls_token', 'position_embeddings'].map((name) =>
    names.indexOf(`${prefix}embeddings.${name}`),
  );
  // timm has the class token's position in the token where there are registers.
  const registers = found.has('reg_token');
  expect((await read('cls_token'))[0]).toBe(registers ? (token ?? 0) + (place ?? 0) : token);
  expect(positions[0]).toBe(registers ? (place ?? 0) + width / 1024 : place);
});

test('a conversion by hand that renamed the outer names alone is read too', () => {
  const shapes: Shapes = new Map();
  for (const [name, shape] of checkpoint('deit_tiny_patch16_224')) {
    const renamed = name
      .replace(/^cls_token$/, 'vit.embeddings.cls_token')
      .replace(/^pos_embed$/, 'vit.embeddings.position_embeddings')
      .replace(/^patch_embed\.proj/, 'vit.embeddings.patch_embeddings.projection')
      .replace(/^norm\./, 'vit.layernorm.')
      .replace(/^head\./, 'classifier.')
      .replace(/^blocks\./, 'vit.encoder.layer.');
    shapes.set(renamed, shape);
  }
  expect(recognise(file(shapes)).architectures).toContain('deit_tiny_patch16_224');
});

test('of two networks in one file none is taken by chance', () => {
  const shapes = checkpoint('resnet18');
  const both = new Map(
    ['student.', 'teacher.'].flatMap((prefix) => [...shapes].map(([name, shape]) => [prefix + name, shape] as const)),
  );
  expect(() => recognise(file(both))).toThrow(/more than one network \("student\." and "teacher\."\)/);
});

test.each<[string, string, RegExp]>([
  ['an adapter', 'base_model.model.blocks.0.attn.qkv.lora_A.weight', /adapter \(LoRA\) alone/],
  ['a classifier', 'fc.weight', /are a classifier’s, without the network/],
  [
    'another network of transformers',
    'vision_model.encoder.layers.0.self_attn.q_proj.weight',
    /transformers library names them/,
  ],
  ['another library', 'features.0.0.weight', /as torchvision names them/],
])('%s alone is said to be that', (_, name, message) => {
  expect(() => recognise(file(new Map([[name, [4, 4]]])))).toThrow(message);
});
