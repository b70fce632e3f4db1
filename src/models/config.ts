import * as v from 'valibot';
import { AppError, issueWords, quoted, shortened } from '../errors.ts';
import type { ArchitectureName, Preprocessing } from '../types.ts';
import { withTags } from './recognition.ts';
import { ARCHITECTURE_NAMES, ARCHITECTURES, isArchitecture } from './specs/architectures.ts';
import { type SizeChoice, sizeProblem } from './specs/variants.ts';

const side = v.pipe(v.number(), v.integer(), v.minValue(1));
const inputSize = v.strictTuple([v.literal(3), side, side]);
const cropPct = v.pipe(v.number(), v.minValue(0.1), v.maxValue(1));
const channel = v.pipe(v.number(), v.finite());
const spread = v.pipe(v.number(), v.finite(), v.gtValue(0));

const preprocessingSchema = v.object({
  input_size: inputSize,
  test_input_size: v.nullish(inputSize),
  interpolation: v.picklist(['bilinear', 'bicubic', 'random']),
  crop_pct: cropPct,
  test_crop_pct: v.nullish(cropPct),
  crop_mode: v.optional(v.picklist(['center', 'squash', 'border']), 'center'),
  mean: v.strictTuple([channel, channel, channel]),
  std: v.strictTuple([spread, spread, spread]),
});

const layoutSchema = v.looseObject({
  architecture: v.optional(v.string()),
  /** What timm builds the network with, other than its name says. */
  model_args: v.nullish(v.record(v.string(), v.unknown())),
  pretrained_cfg: v.optional(v.looseObject({ architecture: v.optional(v.string()), tag: v.nullish(v.string()) })),
});

export interface ModelConfig {
  readonly architecture: ArchitectureName;
  readonly preprocessing: Preprocessing;
  /** Sizes that the weights' authors name, with the crop that belongs to each; the one that is used first. */
  readonly sizes: readonly SizeChoice[];
  /** A sentence about what was read differently than written; null where nothing was. */
  readonly note: string | null;
}

/**
 * Reads timm's config.json: the preprocessing is in `pretrained_cfg`, in old files at the top level.
 * @throws AppError 'weights-refused' that names the key at fault.
 */
export function parseModelConfig(json: unknown): ModelConfig {
  const layout = parse(layoutSchema, json, '');
  const prefix = layout.pretrained_cfg ? 'pretrained_cfg.' : '';
  const named = namedBy(layout);
  if (!isArchitecture(named)) {
    const found = named === undefined ? 'is missing' : `is ${quoted(named)}, which Likeness has no network for`;
    throw refused(`"architecture" ${found}`);
  }
  const tagged = withTags(named, [layout.pretrained_cfg?.tag ?? '']);
  const architecture = builtWith(tagged, layout.model_args ?? {});
  const fields = layout.pretrained_cfg ?? layout;
  if (Object.keys(preprocessingSchema.entries).every((key) => !(key in fields))) {
    const { preprocessing } = ARCHITECTURES[architecture];
    const { size, cropPct: shown } = preprocessing;
    return { architecture, preprocessing, sizes: [{ size, cropPct: shown }], note: null };
  }
  const config = parse(preprocessingSchema, fields, prefix);
  const sizes = sizesOf(architecture, config, prefix);
  const [{ size, cropPct: shown }] = sizes;
  const random = config.interpolation === 'random';
  return {
    architecture,
    preprocessing: {
      size,
      cropPct: shown,
      ...(config.crop_mode === 'center' ? {} : { cropMode: config.crop_mode }),
      interpolation: config.interpolation === 'random' ? 'bicubic' : config.interpolation,
      mean: config.mean,
      std: config.std,
    },
    sizes,
    note: random ? 'These weights name no interpolation ("random"); images are resized bicubically.' : null,
  };
}

const namedBy = ({ architecture, pretrained_cfg }: v.InferOutput<typeof layoutSchema>) =>
  architecture ?? pretrained_cfg?.architecture;

/** Whether it names an architecture, and one that has no network here. */
export function namesAnother(json: unknown): boolean {
  const { success, output } = v.safeParse(layoutSchema, json);
  const named = success ? namedBy(output) : undefined;
  return named !== undefined && !isArchitecture(named);
}

/** Arguments that change nothing of the features: of the classifier, of training, and those that `input_size` says again. */
const HARMLESS =
  /^(num_classes|img_size|in_chans|(\w+_)?drop_(path_)?rate|dynamic_img_size|dynamic_img_pad|strict_img_size)$/;

/** The architecture that timm would build with these arguments. @throws AppError 'weights-refused' for one that is none here. */
function builtWith(architecture: ArchitectureName, args: Readonly<Record<string, unknown>>): ArchitectureName {
  let built = architecture;
  for (const [name, value] of Object.entries(args)) {
    if (HARMLESS.test(name)) continue;
    const quick = name === 'act_layer' && value === 'quick_gelu' ? withQuickGelu(built) : null;
    if (quick === null) {
      const found = shortened(JSON.stringify(value) ?? String(value));
      throw refused(`"model_args.${name}" is ${found}: Likeness has no ${architecture} that is built so`);
    }
    built = quick;
  }
  return built;
}

/** The same network with that activation; null where there is none. */
function withQuickGelu(architecture: ArchitectureName): ArchitectureName | null {
  const { network } = ARCHITECTURES[architecture];
  if (network.family !== 'vit') return null;
  const wanted = JSON.stringify({ ...network, activation: 'quick-gelu' });
  return ARCHITECTURE_NAMES.find((name) => JSON.stringify(ARCHITECTURES[name].network) === wanted) ?? null;
}

/** Whether it is a config.json of the transformers library, which names no architecture of timm's: the tensors tell then. */
export function isTransformersConfig(json: unknown): boolean {
  const { success, output } = v.safeParse(v.looseObject({ model_type: v.string() }), json);
  return success && !('architecture' in output) && !('pretrained_cfg' in output);
}

/**
 * The size that the weights were trained at, and the one that they are tested at where that differs. Used is the former,
 * unless the architecture's own size is the latter (tf_efficientnetv2_b0: 192 and 224), or one of its own that the
 * weights do not name (DINOv2: 224, not 518).
 */
function sizesOf(
  architecture: ArchitectureName,
  config: v.InferOutput<typeof preprocessingSchema>,
  prefix: string,
): [SizeChoice, ...SizeChoice[]] {
  const choice = (key: string, [, height, width]: readonly [number, number, number], crop: number): SizeChoice => {
    if (height !== width)
      throw refused(`"${prefix}${key}" is 3 × ${height} × ${width}; only square images can be used`);
    const problem = sizeProblem(architecture, width);
    if (problem) throw refused(`"${prefix}${key}" is ${width}, but ${problem}`);
    return { size: width, cropPct: crop };
  };
  const trained = choice('input_size', config.input_size, config.crop_pct);
  const tested =
    config.test_input_size &&
    choice('test_input_size', config.test_input_size, config.test_crop_pct ?? config.crop_pct);
  const named = tested && tested.size !== trained.size ? [trained, tested] : [trained];
  const { preprocessing, network } = ARCHITECTURES[architecture];
  const flexible = network.family === 'vit' && network.grid * network.patch !== preprocessing.size;
  const own = { size: preprocessing.size, cropPct: config.crop_pct };
  const usual = named.find(({ size }) => size === own.size) ?? (flexible ? own : trained);
  return [usual, ...named.filter(({ size }) => size !== usual.size)];
}

function parse<S extends v.GenericSchema>(schema: S, value: unknown, prefix: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const key = v.getDotPath(issue);
  throw refused(
    key === null ? 'it is not a JSON object' : `"${prefix}${key}" is wrong (${shortened(issueWords(issue))})`,
  );
}

function refused(reason: string): AppError {
  return new AppError('weights-refused', `The config.json of these weights cannot be used: ${reason}.`);
}
