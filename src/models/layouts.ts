import { type Safetensors, unknownTensor } from './safetensors.ts';

type Shape = readonly number[];

/** The tensors of a weight file under timm's names. */
export interface Layout {
  /** What stands before their names in the file, where that is no known wrapper: another network may stand under another prefix. */
  readonly inside: string | null;
  readonly shapes: ReadonlyMap<string, Shape>;
  /** The elements in C order, as Safetensors.read gives them. */
  read(name: string): Promise<Float32Array<ArrayBuffer>>;
}

/** Where one of timm's tensors lies in another layout: under one name, or as several one behind the other. */
interface Place {
  readonly shape: Shape;
  readonly from: readonly string[];
  /** A tensor whose first numbers are added. */
  readonly plus?: string;
  /** Numbers that are left out at the beginning. */
  readonly without?: number;
}

/** What training frameworks put before the names of the network inside. */
const WRAPPERS = ['module.', '_orig_mod.', 'model.', 'backbone.', 'timm_model.'];
/** A wrapper within a wrapper within a wrapper. */
const MOST_WRAPPERS = 3;

/** A tensor that each family has once: the prefix of its name, from somebody's own module, is the prefix of all of a network's. */
const ONCE = [
  ...['layer1.0.conv1.weight', 'conv_stem.weight', 'stem.0.weight', 'patch_embed.proj.weight'],
  'embeddings.patch_embeddings.projection.weight',
];
/** A student, its teacher, an average; a file of more is looked at no further. */
const MOST_PREFIXES = 8;

/**
 * The ways in which a file can be read, the likeliest first: as it is, without wrappers, in the layout of transformers, and below
 * whatever else stands before a network's names.
 */
export function layoutsOf(file: Safetensors): Layout[] {
  const asNamed = new Map(
    [...file.tensors].map(([name, { shape }]): [string, Place] => [name, { shape, from: [name] }]),
  );
  const places = [asNamed, ...unwrapped(asNamed)];
  const known = [...places, ...places.flatMap(ofTransformers)].map((each) => layoutOf(file, each, null));
  const others = otherPrefixes(file.tensors.keys()).flatMap((prefix) => {
    const inside = below(prefix, asNamed);
    return [inside, ...ofTransformers(inside)].map((each) => layoutOf(file, each, prefix));
  });
  return [...known, ...others];
}

function otherPrefixes(names: Iterable<string>): string[] {
  const prefixes = new Set<string>();
  for (const name of names) {
    const tail = ONCE.find((once) => name.endsWith(`.${once}`));
    if (tail !== undefined) prefixes.add(name.slice(0, -tail.length));
    if (prefixes.size >= MOST_PREFIXES) break;
  }
  return [...prefixes];
}

function layoutOf(file: Safetensors, places: ReadonlyMap<string, Place>, inside: string | null): Layout {
  return {
    inside,
    shapes: new Map([...places].map(([name, { shape }]) => [name, shape])),
    async read(name) {
      const place = places.get(name);
      if (!place) throw unknownTensor(name);
      const { from, plus, without = 0 } = place;
      const parts: Float32Array<ArrayBuffer>[] = [];
      for (const part of from) parts.push(await file.read(part));
      const [first] = parts;
      let values = parts.length === 1 && first ? first : joined(parts);
      if (plus !== undefined) {
        const added = await file.read(plus);
        values = values.map((value, i) => value + (added[i] ?? 0));
      }
      return without > 0 ? values.slice(without) : values;
    },
  };
}

function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The tensors below each wrapper that is there; what lies outside (a head, an optimiser's average) is left out. */
function unwrapped(places: ReadonlyMap<string, Place>, depth = MOST_WRAPPERS): Map<string, Place>[] {
  if (depth === 0) return [];
  return WRAPPERS.flatMap((prefix) => {
    const inside = below(prefix, places);
    return inside.size > 0 ? [inside, ...unwrapped(inside, depth - 1)] : [];
  });
}

const below = (prefix: string, places: ReadonlyMap<string, Place>): Map<string, Place> =>
  new Map([...places].flatMap(([name, place]) => cut(prefix, name, place)));

const cut = (prefix: string, name: string, place: Place): [string, Place][] =>
  name.startsWith(prefix) ? [[name.slice(prefix.length), place]] : [];

/** Names in the transformers library of a vision transformer's tensors, below what its models put before them. */
const TRANSFORMERS = ['vit.', 'deit.', 'dinov2.', 'dinov2_with_registers.', ''];

const EMBEDDINGS: Readonly<Record<string, string>> = {
  cls_token: 'embeddings.cls_token',
  reg_token: 'embeddings.register_tokens',
  pos_embed: 'embeddings.position_embeddings',
  'patch_embed.proj.weight': 'embeddings.patch_embeddings.projection.weight',
  'patch_embed.proj.bias': 'embeddings.patch_embeddings.projection.bias',
  'norm.weight': 'layernorm.weight',
  'norm.bias': 'layernorm.bias',
};

/** Names in a block, for ViT and DeiT and for DINOv2; queries, keys and values apart. */
const BLOCKS: readonly Readonly<Record<string, string | readonly string[]>>[] = [
  {
    norm1: 'layernorm_before',
    'attn.qkv': ['attention.attention.query', 'attention.attention.key', 'attention.attention.value'],
    'attn.proj': 'attention.output.dense',
    norm2: 'layernorm_after',
    'mlp.fc1': 'intermediate.dense',
    'mlp.fc2': 'output.dense',
  },
  {
    norm1: 'norm1',
    'attn.qkv': ['attention.attention.query', 'attention.attention.key', 'attention.attention.value'],
    'attn.proj': 'attention.output.dense',
    norm2: 'norm2',
    'mlp.fc1': 'mlp.fc1',
    'mlp.fc2': 'mlp.fc2',
  },
];

const SCALES: Readonly<Record<string, string>> = {
  'ls1.gamma': 'layer_scale1.lambda1',
  'ls2.gamma': 'layer_scale2.lambda1',
};

function ofTransformers(places: ReadonlyMap<string, Place>): Map<string, Place>[] {
  return TRANSFORMERS.flatMap((prefix) => {
    const inside = below(prefix, places);
    if (!inside.has('embeddings.patch_embeddings.projection.weight')) return [];
    return BLOCKS.map((block) => translated(inside, block));
  });
}

function translated(
  inside: ReadonlyMap<string, Place>,
  block: Readonly<Record<string, string | readonly string[]>>,
): Map<string, Place> {
  const found = new Map<string, Place>();
  const put = (name: string, from: readonly string[]) => {
    const parts = from.map((each) => inside.get(each));
    const [first] = parts;
    if (!first || parts.some((part) => !part || String(part.shape) !== String(first.shape))) return;
    const [rows = 0, ...rest] = first.shape;
    found.set(name, { shape: [rows * parts.length, ...rest], from: parts.flatMap((part) => part?.from ?? []) });
  };
  const putBlock = (at: string, name: string, from: readonly string[], to: string) => {
    // Conversions by hand rename the whole and leave the blocks' insides as timm has them.
    put(`${to}${name}`, [at + name]);
    put(
      `${to}${name}`,
      from.map((each) => at + each),
    );
  };
  for (const [name, from] of Object.entries(EMBEDDINGS)) put(name, [from]);
  for (let index = 0; [...inside.keys()].some((name) => name.startsWith(`encoder.layer.${index}.`)); index++) {
    const at = `encoder.layer.${index}.`;
    for (const [name, from] of Object.entries(block)) {
      for (const part of ['weight', 'bias']) {
        const names = [from].flat().map((each) => `${each}.${part}`);
        putBlock(at, `${name}.${part}`, names, `blocks.${index}.`);
      }
    }
    for (const [name, from] of Object.entries(SCALES)) putBlock(at, name, [from], `blocks.${index}.`);
  }
  return withoutClassPosition(found);
}

/** With registers, timm keeps the class token's position in the token itself. */
function withoutClassPosition(places: Map<string, Place>): Map<string, Place> {
  const [token, positions] = [places.get('cls_token'), places.get('pos_embed')];
  const [positioned] = positions?.from ?? [];
  if (!places.has('reg_token') || !token || !positions || positioned === undefined) return places;
  const [images = 1, tokens = 1, width = 0] = positions.shape;
  places.set('cls_token', { ...token, plus: positioned });
  places.set('pos_embed', { shape: [images, tokens - 1, width], from: positions.from, without: width });
  return places;
}
