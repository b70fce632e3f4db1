import * as v from 'valibot';
import { AppError, quoted, shortened } from '../errors.ts';
import type { ArchitectureName, Preprocessing } from '../types.ts';
import { isArchitecture } from './backbones.ts';

/** Side of the square input of every network here. */
const INPUT_SIZE = 224;

const side = v.pipe(v.number(), v.integer(), v.minValue(1));
const inputSize = v.strictTuple([v.literal(3), side, side]);
const cropPct = v.pipe(v.number(), v.minValue(0.1), v.maxValue(1));
const channel = v.pipe(v.number(), v.finite());
const spread = v.pipe(v.number(), v.finite(), v.gtValue(0));

const preprocessingSchema = v.object({
  input_size: inputSize,
  test_input_size: v.nullish(inputSize),
  interpolation: v.picklist(['bilinear', 'bicubic']),
  crop_pct: cropPct,
  test_crop_pct: v.nullish(cropPct),
  crop_mode: v.optional(v.literal('center'), 'center'),
  mean: v.strictTuple([channel, channel, channel]),
  std: v.strictTuple([spread, spread, spread]),
});

const layoutSchema = v.looseObject({
  architecture: v.optional(v.string()),
  pretrained_cfg: v.optional(v.looseObject({ architecture: v.optional(v.string()) })),
});

export interface ModelConfig {
  readonly architecture: ArchitectureName;
  readonly preprocessing: Preprocessing;
}

/**
 * Reads timm's config.json: the preprocessing stands in `pretrained_cfg`, in old files at the top level. Where the
 * network was trained at another size than it is tested at (tf_efficientnetv2_b0: 192 and 224), the test size counts,
 * as in timm's validate.py.
 * @throws AppError 'weights-refused' that names the key at fault.
 */
export function parseModelConfig(json: unknown): ModelConfig {
  const layout = parse(layoutSchema, json, '');
  const prefix = layout.pretrained_cfg ? 'pretrained_cfg.' : '';
  const architecture = layout.architecture ?? layout.pretrained_cfg?.architecture;
  if (!isArchitecture(architecture)) {
    const found =
      architecture === undefined ? 'is missing' : `is ${quoted(architecture)}, which Likeness has no network for`;
    throw refused(`"architecture" ${found}`);
  }
  const config = parse(preprocessingSchema, layout.pretrained_cfg ?? layout, prefix);
  const asTrained = isInputSize(config.input_size);
  if (!asTrained && !(config.test_input_size && isInputSize(config.test_input_size))) {
    throw refused(`"${prefix}input_size" is ${config.input_size.join(' × ')}; only 3 × 224 × 224 can be used`);
  }
  return {
    architecture,
    preprocessing: {
      size: INPUT_SIZE,
      cropPct: asTrained ? config.crop_pct : (config.test_crop_pct ?? config.crop_pct),
      interpolation: config.interpolation,
      mean: config.mean,
      std: config.std,
    },
  };
}

function isInputSize([, height, width]: readonly [number, number, number]): boolean {
  return height === INPUT_SIZE && width === INPUT_SIZE;
}

function parse<S extends v.GenericSchema>(schema: S, value: unknown, prefix: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const key = v.getDotPath(issue);
  throw refused(key === null ? 'it is not a JSON object' : `"${prefix}${key}" is wrong (${shortened(issue.message)})`);
}

function refused(reason: string): AppError {
  return new AppError('weights-refused', `The config.json of these weights cannot be used: ${reason}.`);
}
