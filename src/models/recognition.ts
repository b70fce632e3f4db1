import { AppError, quoted } from '../errors.ts';
import { type Layout, layoutsOf } from './layouts.ts';
import { tensorsOf } from './networks/network.ts';
import type { Safetensors } from './safetensors.ts';
import { ARCHITECTURE_NAMES, ARCHITECTURES, type ArchitectureName } from './specs/architectures.ts';

type Shape = readonly number[];
type Shapes = ReadonlyMap<string, Shape>;

/** What timm's checkpoints hold beside what gives features: classifiers, counters, the mask of self-supervised training. */
const BESIDE = /^(fc|classifier|head|head_dist)\.|(^|\.)num_batches_tracked$|^mask_token$/;

/** The architectures whose networks read exactly these tensors: more than one where networks differ in more than weights. */
export function fittingArchitectures(shapes: Shapes): ArchitectureName[] {
  return ARCHITECTURE_NAMES.filter((name) => differenceFrom(name, shapes) === null);
}

/** A file's tensors by timm's names, and the architectures that they are for. */
export interface Recognised extends Layout {
  readonly architectures: readonly ArchitectureName[];
}

/**
 * Tells by names and shapes what a weight file is for, in whatever layout it is.
 * @throws AppError 'weights-mismatch' that says what it resembles most and which tensor differs first.
 */
export function recognise(file: Safetensors): Recognised {
  const layouts = layoutsOf(file);
  let found: Recognised | null = null;
  for (const layout of layouts) {
    if (found?.inside === null) break;
    if (found && layout.inside === found.inside) continue;
    const architectures = fittingArchitectures(layout.shapes);
    if (architectures.length === 0) continue;
    if (found) throw several(found.inside, layout.inside);
    found = { ...layout, architectures };
  }
  if (found) return found;
  throw unlike(layouts, [...file.tensors.keys()]);
}

function several(...prefixes: readonly (string | null)[]): AppError {
  const [one, other] = prefixes.map((prefix) => quoted(prefix ?? ''));
  return new AppError(
    'weights-mismatch',
    `This file holds more than one network (${one} and ${other}), as of a student and its teacher. Save the tensors of the one to be used by themselves. Nothing was cached.`,
  );
}

/** What weight files hold that are of no whole network, by a tensor's name. */
const PARTS: readonly (readonly [name: RegExp, what: string])[] = [
  [/(^|\.)lora_|\.lora\b/i, 'hold an adapter (LoRA) alone: merge it into its network first (merge_and_unload in PEFT)'],
  [
    /(^|\.)(vision_model|text_model|embeddings|embedder|encoder\.(layers?|stages))\./,
    'are named as the transformers library names them, of which ViT, DeiT and DINOv2 can be read: take those of timm for this network',
  ],
  [/^features\.\d/, 'are named as torchvision names them: take those of timm for this network'],
];

/** The layout in which a file holds an architecture's tensors; as it is where it holds them in none, so that loading says what lacks. */
export function layoutFor(architecture: ArchitectureName, file: Safetensors): Layout {
  const [asNamed, ...others] = layoutsOf(file);
  if (!asNamed) throw new AppError('internal', 'A weight file has no layout.');
  return [asNamed, ...others].find(({ shapes }) => differenceFrom(architecture, shapes) === null) ?? asNamed;
}

/** One architecture of several that have the same tensors: the one that the weights are named after, else the first. */
export function architectureOf(architectures: readonly ArchitectureName[], name: string): ArchitectureName {
  const [stem = '', ...tags] = name.toLowerCase().split('.');
  const named = architectures.find((each) => each === stem);
  const tagged = named && withTags(named, tags);
  if (tagged && architectures.includes(tagged)) return tagged;
  const [first, ...others] = architectures;
  if (first === undefined) throw new AppError('internal', 'There is no architecture to choose from.');
  const other = others.find((each) => networkOf(each) !== networkOf(first));
  if (other === undefined) return first;
  throw new AppError(
    'weights-mismatch',
    `The tensors in this file fit ${first} and ${other} alike, which compute different features. Drop its config.json ` +
      'together with it, or name the file after the one it is for. Nothing was cached.',
  );
}

/** The architecture that weights of this tag are for, where timm names one whose activation they were not trained with. */
export function withTags(architecture: ArchitectureName, tags: readonly string[]): ArchitectureName {
  const { tagged = {} } = ARCHITECTURES[architecture];
  const other = tags.map((tag) => tagged[tag]).find((each) => each !== undefined);
  return ARCHITECTURE_NAMES.find((name) => name === other) ?? architecture;
}

const networkOf = (name: ArchitectureName): string => JSON.stringify(ARCHITECTURES[name].network);

/** The first tensor in which a file differs from what a network reads, in words; null where it fits. */
function differenceFrom(architecture: ArchitectureName, shapes: Shapes): string | null {
  const expected = tensorsOf(architecture);
  for (const [name, shape] of expected) {
    const found = shapes.get(name);
    if (!found) return `${quoted(name)} is missing`;
    if (String(found) !== String(shape)) return `${quoted(name)} is [${found.join(', ')}], not [${shape.join(', ')}]`;
  }
  const more = [...shapes.keys()].find((name) => !expected.has(name) && !BESIDE.test(name));
  return more === undefined ? null : `${quoted(more)} is no part of it`;
}

function unlike(layouts: readonly Layout[], names: readonly string[]): AppError {
  const likeness = likeliest(layouts);
  const part = names.length > 0 && names.every((name) => BESIDE.test(name)) ? CLASSIFIER : partOf(names);
  return new AppError(
    'weights-mismatch',
    part === null
      ? `The tensors in this file are of no network that Likeness has.${likeness} Nothing was cached.`
      : `The tensors in this file ${part}.${likeness} Nothing was cached.`,
  );
}

/** What weights for a network that there is none of resemble, in a sentence; empty where they resemble nothing. */
export function resemblance(file: Safetensors): string {
  const layouts = layoutsOf(file);
  const same = layouts.flatMap(({ shapes }) => fittingArchitectures(shapes))[0];
  return same === undefined
    ? likeliest(layouts)
    : ` Their tensors are those of ${same}, which computes other features.`;
}

function likeliest(layouts: readonly Layout[]): string {
  let best = { shared: 0, architecture: ARCHITECTURE_NAMES[0], shapes: layouts[0]?.shapes };
  for (const { shapes } of layouts) {
    for (const architecture of ARCHITECTURE_NAMES) {
      const shared = sharedWith(architecture, shapes);
      if (shared > best.shared) best = { shared, architecture, shapes };
    }
  }
  const { shared, architecture, shapes } = best;
  return shared > 0 && architecture !== undefined && shapes
    ? ` They resemble ${architecture} most, but ${differenceFrom(architecture, shapes)}.`
    : '';
}

const CLASSIFIER = 'are a classifier’s, without the network before it';
const partOf = (names: readonly string[]) =>
  PARTS.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1] ?? null;

/** Share of tensors that both have, of all that one of them has. */
function sharedWith(architecture: ArchitectureName, shapes: Shapes): number {
  const expected = tensorsOf(architecture);
  let shared = 0;
  for (const [name, shape] of expected) if (String(shapes.get(name)) === String(shape)) shared++;
  const more = [...shapes.keys()].filter((name) => !expected.has(name) && !BESIDE.test(name)).length;
  return shared / (expected.size + more);
}
