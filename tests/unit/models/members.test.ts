import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parseModelConfig } from '../../../src/models/config.ts';
import { parametersOf, tensorsOf } from '../../../src/models/networks/network.ts';
import {
  ARCHITECTURE_NAMES,
  ARCHITECTURES,
  type ArchitectureName,
  isArchitecture,
} from '../../../src/models/specs/architectures.ts';

/** What timm says of every member of the families (tests/fixtures/timm/members.py). */
const memberSchema = v.object({
  member: v.object({
    tensors: v.string(),
    parameters: v.number(),
    features: v.number(),
    epsilon: v.array(v.number()),
    activations: v.array(v.string()),
    paddingSame: v.boolean(),
  }),
  weights: v.array(
    v.looseObject({
      tag: v.string(),
      input_size: v.tuple([v.number(), v.number(), v.number()]),
      test_input_size: v.optional(v.tuple([v.number(), v.number(), v.number()])),
      crop_pct: v.number(),
      test_crop_pct: v.optional(v.number()),
      crop_mode: v.string(),
      interpolation: v.string(),
      mean: v.array(v.number()),
      std: v.array(v.number()),
      license: v.optional(v.string()),
      quick: v.optional(v.boolean()),
    }),
  ),
});

const file = new URL('../../fixtures/timm/members.json', import.meta.url);
const timm = v.parse(v.record(v.string(), memberSchema), JSON.parse(readFileSync(file, 'utf8')));
const members = Object.entries(timm).map(([name, said]) => ({ name: known(name), ...said }));
const weights = members.flatMap(({ name, weights: sets }) =>
  sets.map((set) => ({ name, id: `${name}.${set.tag}`, set })),
);

function known(name: string): ArchitectureName {
  if (!isArchitecture(name)) throw new Error(`${name} is not known.`);
  return name;
}

test('every member is known, and nothing else is', () => {
  expect([...ARCHITECTURE_NAMES].sort()).toEqual(members.map(({ name }) => name).sort());
});

test.each(members)('$name has timm’s tensors, norms and activations', ({ name, member }) => {
  const lines = [...tensorsOf(name)].map(([tensor, shape]) => `${tensor} [${shape.join(', ')}]\n`).sort(byCodeUnits);
  expect(createHash('sha256').update(lines.join('')).digest('hex')).toBe(member.tensors);
  expect(parametersOf(name)).toBe(member.parameters);
  const { features, network } = ARCHITECTURES[name];
  expect(features).toBe(member.features);
  switch (network.family) {
    case 'resnet':
      expect(member).toMatchObject({ epsilon: [1e-5], activations: ['ReLU'], paddingSame: false });
      break;
    case 'efficientnet': {
      const mobile = network.design.startsWith('mobilenetv3');
      expect(member.activations).toEqual(mobile ? ['Hardsigmoid', 'Hardswish', 'ReLU'] : ['SiLU']);
      expect(member).toMatchObject({ epsilon: [network.tensorflow ? 1e-3 : 1e-5], paddingSame: network.tensorflow });
      break;
    }
    case 'convnext':
      expect(member).toMatchObject({ epsilon: [1e-6], activations: ['GELU'] });
      break;
    case 'vit':
      expect(member).toMatchObject({
        epsilon: [network.epsilon],
        activations: [{ gelu: 'GELU', 'quick-gelu': 'QuickGELU' }[network.activation]],
      });
  }
});

/** The lines are sorted as Python sorts them. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : 1;
}

test.each(weights)('$id is prepared as its config.json says', ({ name, set }) => {
  const { quick, tag, ...fields } = set;
  const { architecture, preprocessing, sizes, note } = parseModelConfig({
    architecture: name,
    num_classes: 1000,
    pretrained_cfg: { tag, ...fields },
  });
  if (quick) expect(architecture).toBe(name.replace(/_clip_(quickgelu_)?/, '_clip_quickgelu_'));
  else expect(architecture).toBe(name);
  const { size, cropPct, cropMode = 'center', interpolation, mean, std } = preprocessing;
  expect({ interpolation, mean, std, cropMode }).toEqual({
    interpolation: fields.interpolation,
    mean: fields.mean,
    std: fields.std,
    cropMode: fields.crop_mode,
  });
  const trained = { size: fields.input_size[1], cropPct: fields.crop_pct };
  const tested = fields.test_input_size && {
    size: fields.test_input_size[1],
    cropPct: fields.test_crop_pct ?? fields.crop_pct,
  };
  const named = tested && tested.size !== trained.size ? [trained, tested] : [trained];
  const own = name.includes('dinov2') ? [{ size: 224, cropPct: 1 }] : [];
  expect(new Set(sizes)).toEqual(new Set([...named, ...own]));
  expect(sizes[0]).toEqual({ size, cropPct });
  expect(note).toBeNull();
});

test('built-in sets are published, with the licence and prepared as is said', () => {
  for (const name of ARCHITECTURE_NAMES) {
    const { published, preprocessing: usual } = ARCHITECTURES[name];
    for (const { id, licence, preprocessing = usual } of published) {
      const set = weights.find((each) => each.id === id)?.set;
      expect(set, id).toBeDefined();
      expect(licence.toLowerCase(), id).toBe(set?.license);
      const { size, cropPct, interpolation, mean, std } = preprocessing;
      const crops = [
        [set?.input_size[1], set?.crop_pct],
        [set?.test_input_size?.[1], set?.test_crop_pct ?? set?.crop_pct],
        ...(name.includes('dinov2') ? [[224, 1]] : []),
      ];
      expect(crops, id).toContainEqual([size, cropPct]);
      expect({ interpolation, mean, std }, id).toEqual({
        interpolation: set?.interpolation,
        mean: set?.mean,
        std: set?.std,
      });
    }
  }
});
