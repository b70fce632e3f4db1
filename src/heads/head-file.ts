import * as v from 'valibot';
import { AppError, issueWords, shortened } from '../errors.ts';
import { COLOUR_GRADIENT } from '../models/colour-gradient.ts';
import { openSafetensors, type Safetensors } from '../models/safetensors.ts';
import { ARCHITECTURES, isArchitecture } from '../models/specs/architectures.ts';
import { preprocessingSchema } from '../models/specs/preprocessing.ts';
import type { BackboneName, Preprocessing } from '../types.ts';
import type { Head } from './head.ts';
import { isBackbone } from './member.ts';
import { EMBEDDING_SIZE } from './parameters.ts';
import { type Calibration, GREATEST_SCALE, LEAST_SCALE } from './posterior.ts';
import { type Recipe, recipeSchema } from './recipe.ts';

/** On which features a head was trained, and may be used. */
export interface HeadBackbone {
  readonly architecture: BackboneName;
  /** Id of the set of weights. */
  readonly weights: string;
  /** Hash of model.safetensors, lower-case hex; null for the descriptor, which has no weights. */
  readonly sha256: string | null;
  readonly preprocessing: Preprocessing;
}

/** All that a head's file holds. */
export interface SavedHead {
  readonly head: Head;
  readonly recipe: Recipe;
  readonly classes: readonly string[];
  readonly backbone: HeadBackbone;
  /** The class posterior's calibration, where it was fitted. */
  readonly calibration?: Calibration;
}

/** Raised whenever the meaning of a file changes. */
const VERSION = '1';
const FORMAT = 'likeness-head';

const PROJECTION = 'projection.weight';
const BIAS = 'projection.bias';
const CLASSIFIER = 'classifier.weight';
const CLASSIFIER_BIAS = 'classifier.bias';

const backboneSchema: v.GenericSchema<unknown, HeadBackbone> = v.strictObject({
  architecture: v.custom<BackboneName>(isBackbone, 'unknown backbone'),
  weights: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  sha256: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  preprocessing: preprocessingSchema,
});

export const calibrationSchema: v.GenericSchema<unknown, Calibration> = v.strictObject({
  // A head is one member.
  scales: v.pipe(
    v.array(v.pipe(v.number(), v.finite(), v.minValue(LEAST_SCALE), v.maxValue(GREATEST_SCALE))),
    v.length(1),
  ),
  floor: v.pipe(v.number(), v.finite(), v.minValue(-1), v.maxValue(1)),
});

const className = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));
export const classesSchema = v.pipe(
  v.array(className),
  v.minLength(2),
  v.maxLength(100_000),
  v.check((names) => new Set(names).size === names.length, 'a class is named twice'),
);

/**
 * A head as a safetensors file: `projection.weight` [512, D] and `projection.bias` [512], for raw features, and its
 * classifier `classifier.weight` [C, 512], of `linear` also `classifier.bias` [C], as torch's nn.Linear has them; recipe,
 * classes (row c of the classifier is the c-th), backbone (with its normalisation) and, where there is one, the calibration
 * of the class posterior as JSON texts in the metadata.
 */
export function saveHead({ head, recipe, classes, backbone, calibration }: SavedHead): Blob {
  const { classifier } = head;
  return writeSafetensors(
    {
      [PROJECTION]: { shape: [EMBEDDING_SIZE, head.dimensions], values: head.projection },
      [BIAS]: { shape: [EMBEDDING_SIZE], values: head.bias },
      ...(classifier && { [CLASSIFIER]: { shape: [classes.length, EMBEDDING_SIZE], values: classifier.weight } }),
      ...(classifier &&
        recipe.classifier === 'linear' && { [CLASSIFIER_BIAS]: { shape: [classes.length], values: classifier.bias } }),
    },
    {
      format: FORMAT,
      version: VERSION,
      recipe: JSON.stringify(recipe),
      classes: JSON.stringify(classes),
      backbone: JSON.stringify(backbone),
      ...(calibration && { calibration: JSON.stringify(calibration) }),
    },
  );
}

/**
 * Reads a file that saveHead wrote, believing nothing in it.
 * @throws AppError 'weights-refused' with what is wrong with it, 'weights-mismatch' for tensors of other names or
 * shapes, 'files-gone' where it cannot be read.
 */
export async function loadHead(file: Blob): Promise<SavedHead> {
  const opened = await openSafetensors(file, 'head');
  const { format, version, recipe, classes, backbone, calibration } = opened.metadata;
  if (format !== FORMAT) throw refused('it is not a head saved by Likeness');
  if (version !== VERSION)
    throw refused(`its version is ${shortened(version ?? 'missing')}, this page reads ${VERSION}`);
  const parsedBackbone = parse('backbone', backboneSchema, backbone);
  const dimensions = featuresOf(parsedBackbone.architecture);
  const parsedRecipe = parse('recipe', recipeSchema, recipe);
  const names = parse('classes', classesSchema, classes);
  const expected = expectedTensors(opened, dimensions, names.length, parsedRecipe);
  checkTensors(opened, expected);
  const read = async (name: string) => (name in expected ? opened.read(name) : new Float32Array());
  return {
    recipe: parsedRecipe,
    classes: names,
    backbone: parsedBackbone,
    ...(calibration !== undefined && { calibration: parse('calibration', calibrationSchema, calibration) }),
    head: {
      dimensions,
      projection: await read(PROJECTION),
      bias: await read(BIAS),
      ...(CLASSIFIER in expected && {
        classifier: { weight: await read(CLASSIFIER), bias: await read(CLASSIFIER_BIAS) },
      }),
    },
  };
}

type Shapes = Readonly<Record<string, readonly number[]>>;

/** Earlier versions wrote no classifier. */
function expectedTensors({ tensors }: Safetensors, dimensions: number, classes: number, recipe: Recipe): Shapes {
  const projection = { [PROJECTION]: [EMBEDDING_SIZE, dimensions], [BIAS]: [EMBEDDING_SIZE] };
  if (!tensors.has(CLASSIFIER) && !tensors.has(CLASSIFIER_BIAS)) return projection;
  const classifier = { ...projection, [CLASSIFIER]: [classes, EMBEDDING_SIZE] };
  return recipe.classifier === 'linear' ? { ...classifier, [CLASSIFIER_BIAS]: [classes] } : classifier;
}

function checkTensors({ tensors }: Safetensors, expected: Shapes): void {
  for (const [name, shape] of Object.entries(expected)) {
    const found = tensors.get(name);
    if (found?.dtype === 'F32' && String(found.shape) === String(shape)) continue;
    const instead = found ? `is ${found.dtype} [${found.shape.join(', ')}]` : 'is missing';
    const message = `This head does not fit its backbone: the tensor "${name}" ${instead}, expected F32 [${shape.join(', ')}]. Nothing was changed.`;
    throw new AppError('weights-mismatch', message);
  }
  if (tensors.size > Object.keys(expected).length) throw refused('it holds tensors that no head has');
}

function featuresOf(architecture: BackboneName): number {
  return isArchitecture(architecture) ? ARCHITECTURES[architecture].features : COLOUR_GRADIENT.features;
}

function parse<T>(name: string, schema: v.GenericSchema<unknown, T>, json: string | undefined): T {
  let value: unknown;
  try {
    value = JSON.parse(json ?? '');
  } catch {
    throw refused(`its ${name} cannot be read`);
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = [name, v.getDotPath(issue)].filter(Boolean).join('.');
  throw refused(`its ${shortened(place)} cannot be used (${shortened(issueWords(issue))})`);
}

function refused(reason: string): AppError {
  return new AppError('weights-refused', `This file cannot be used as a head: ${reason}. Nothing was changed.`);
}

/** A tensor to be written. */
export interface WrittenTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * A safetensors file (huggingface.co/docs/safetensors) of F32 tensors, in the order given, with metadata. Little-endian,
 * as every platform with a browser is.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, WrittenTensor>>,
  metadata: Readonly<Record<string, string>>,
): Blob {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces, as the format suggests, so that the data start at a multiple of 8.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const start = new Uint8Array(8 + headerBytes).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(headerBytes), true);
  start.set(json, 8);
  return new Blob([start, ...Object.values(tensors).map(({ values }) => values)], { type: 'application/octet-stream' });
}
