import * as v from 'valibot';
import { AppError } from '../errors.ts';
import { BACKBONES } from '../models/backbones.ts';
import { COLOUR_GRADIENT } from '../models/colour-gradient.ts';
import {
  OWN_PREPROCESSING,
  type OwnVectors,
  ownVectorsKey,
  ownWeights,
  parseOwnVectors,
} from '../models/own-vectors.ts';
import { ARCHITECTURES, isArchitecture } from '../models/specs/architectures.ts';
import {
  partsOfId,
  preprocessingOf,
  sizeProblem,
  type Variant,
  variantId,
  variantWords,
} from '../models/specs/variants.ts';
import { cachedSchema, isFromFile } from '../models/weights/records.ts';
import { inMegabytes } from '../numerals.ts';
import type { Database } from '../storage/database.ts';
import { listFeaturesKeys, rememberedWeights, rememberWeights } from '../storage/features.ts';
import type { CachedWeights, Preprocessing, Weights } from '../types.ts';
import { findWeights } from './weights-files.ts';
import type { Workers } from './workers.ts';

/** A set of weights that features can be computed with, or were computed with. */
export interface UsableWeights {
  readonly weights: Weights;
  readonly preprocessing: Preprocessing;
  /** Names weights and preprocessing by content: equal keys, equal features. */
  readonly featuresKey: string;
  /** Null for the descriptor. */
  readonly cached: CachedWeights | null;
}

/** All sets of weights that this browser knows: built in, served by the app's own origin, cached, and the user's own. */
export interface WeightsCatalogue {
  /** Looks up what the origin serves and what the browser keeps. Resolves to whether cached weights outlast the tab. */
  load(): Promise<boolean>;
  /** The built-in table, then what the origin adds, then the user's own; each with its listed variants behind it. */
  all(): Weights[];
  /** By its id, which may name a variant (`variantId`); null where it is unknown, or the network cannot take that size. */
  find(id: string): Weights | null;
  /** Its name for people, or its id where it is unknown. */
  label(id: string): string;
  /** Null while not in the browser's cache. */
  cached(id: string): CachedWeights | null;
  /** Null where these weights have never been here, so that their content (and so their features' key) is unknown. */
  usable(weights: Weights): UsableWeights | null;
  add(weights: CachedWeights): Promise<void>;
  /** Lists vectors that were imported; `load` finds them again by their features. */
  bring(vectors: OwnVectors): void;
  /** Lists the imported vectors that are stored, and no others: after features have been deleted. */
  listOwn(): Promise<void>;
  /** Lists a set of the hub that the user named (models/weights/look-up.ts); once downloaded, it stays listed. */
  offer(weights: Weights): void;
  /** The ids of the variants that stand in the list, in place of those of before. */
  listVariants(ids: readonly string[]): void;
  forget(id: string): void;
  /** For when all of it has been deleted. */
  forgetAll(): void;
}

/** The label of weights that are no longer listed: deleted vectors go by the start of their hash, others by their id. */
export const unlistedLabel = (id: string): string => id.replace(/^own-vectors\.([0-9a-f]{6}).*$/, 'deleted vectors $1');

export function createWeightsCatalogue(database: Database, workers: Workers): WeightsCatalogue {
  let origin: readonly Weights[] = [];
  const offered = new Map<string, Weights>();
  let variants: readonly string[] = [];
  let cached = new Map<string, CachedWeights>();
  /** What was cached once: its features are still there, and can be searched without the weights. */
  let remembered = new Map<string, CachedWeights>();
  const own = new Map<string, OwnVectors>();

  function sets(): Weights[] {
    const served = new Map(origin.map((weights) => [weights.id, weights]));
    // The app's own origin comes before the hub.
    const builtIn = BACKBONES.map((weights) => served.get(weights.id) ?? weights);
    const known = new Set(builtIn.map(({ id }) => id));
    const added = origin.filter(({ id }) => !known.has(id));
    for (const { id } of added) known.add(id);
    const dropped = byId([...offered.values(), ...[...cached.values()].map(fromCache)]);
    const listed = [...builtIn, ...added].map((weights) => asBrought(weights, cached.get(weights.id)));
    const networks = [...listed, ...[...dropped.values()].filter(({ id }) => !known.has(id))];
    return toldApart([...networks, ...[...own.values()].map(ownWeights)]);
  }
  function all(): Weights[] {
    return sets().flatMap((weights) => {
      const listed = variants.filter((id) => partsOfId(id).weightsId === weights.id);
      return [weights, ...listed.flatMap((id) => variantOf(weights, partsOfId(id)) ?? [])];
    });
  }
  function find(id: string): Weights | null {
    const { weightsId, ...variant } = partsOfId(id);
    const weights = sets().find((each) => each.id === weightsId) ?? null;
    return weights && variantOf(weights, variant);
  }
  function bring(vectors: OwnVectors | null): void {
    if (vectors) own.set(ownWeights(vectors).id, vectors);
  }
  async function listOwn(): Promise<void> {
    const keys = await listFeaturesKeys(database);
    own.clear();
    for (const key of keys) bring(parseOwnVectors(key));
  }
  const of = (known: ReadonlyMap<string, CachedWeights>, id: string) => known.get(partsOfId(id).weightsId) ?? null;

  return {
    async load() {
      const [found, known] = await Promise.all([findWeights({ workers }), rememberedWeights(database), listOwn()]);
      origin = found.origin;
      cached = byId(found.cached);
      // What is stored in the browser may come from another version of the app, or from anywhere.
      remembered = byId([...known.filter((record) => v.is(cachedSchema, record)), ...found.cached]);
      // Said once what is cached is known: it can be used without the server.
      if (found.unlisted) throw found.unlisted;
      return found.lasting;
    },
    all,
    find,
    label: (id) => find(id)?.label ?? unlistedLabel(id),
    cached: (id) => of(cached, id),
    usable(weights) {
      const vectors = own.get(weights.id);
      if (vectors) {
        return { weights, preprocessing: OWN_PREPROCESSING, cached: null, featuresKey: ownVectorsKey(vectors) };
      }
      return usable(weights, of(cached, weights.id) ?? of(remembered, weights.id));
    },
    async add(weights) {
      cached.set(weights.id, weights);
      remembered.set(weights.id, weights);
      await rememberWeights(database, weights);
    },
    bring,
    listOwn,
    offer(weights) {
      offered.set(weights.id, weights);
    },
    listVariants(ids) {
      variants = ids;
    },
    forget(id) {
      cached.delete(id);
    },
    forgetAll() {
      cached = new Map();
      remembered = new Map();
      own.clear();
    },
  };
}

const byId = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map((each) => [each.id, each]));

function fromCache({ id, architecture, bytes, hub }: CachedWeights): Weights {
  const { label, summary, features } = ARCHITECTURES[architecture];
  const from = hub ?? { licence: null, repository: null, revision: null };
  return { id, architecture, label, summary, features, bytes, origin: hub ? 'hub' : 'local', ...from };
}

/** Weights under a listed name, but from a user's file: the size is the file's, and nothing guarantees that it is what the list names. */
function asBrought(weights: Weights, cached: CachedWeights | undefined): Weights {
  if (!cached || !isFromFile(cached)) return weights;
  return { ...weights, bytes: cached.bytes, origin: 'local', licence: null, repository: null, revision: null };
}

/** Sets that would have one label get their tag behind it, the first of them excepted. */
function toldApart(list: readonly Weights[]): Weights[] {
  const labels = new Set<string>();
  return list.map((weights) => {
    const { id, architecture, label } = weights;
    const tag = id.startsWith(`${architecture}.`) ? id.slice(architecture.length + 1) : id;
    const own = labels.has(label) ? `${label} (${tag})` : label;
    labels.add(own);
    return { ...weights, label: own };
  });
}

/** The set of weights in a variant: the same file, other features. */
function variantOf(weights: Weights, variant: Variant): Weights | null {
  const words = variantWords(variant);
  if (words === null) return weights;
  const { id, architecture, label } = weights;
  const { size } = variant;
  if (!isArchitecture(architecture) || (size !== null && sizeProblem(architecture, size))) return null;
  return { ...weights, id: variantId(id, variant), label: `${label} ${words}` };
}

function usable(weights: Weights, cached: CachedWeights | null): UsableWeights | null {
  if (weights.architecture === 'colour-gradient') {
    const { preprocessing, version } = COLOUR_GRADIENT;
    return { weights, preprocessing, cached: null, featuresKey: keyOf(`colour-gradient@${version}`, preprocessing) };
  }
  if (!cached) return null;
  // What the file's own config.json says, where a listing knew less.
  const { architecture, sha256 } = cached;
  const preprocessing = preprocessingOf(cached.preprocessing, partsOfId(weights.id), cached.sizes ?? []);
  const featuresKey = keyOf(`${architecture}@${sha256}`, preprocessing);
  return { weights: { ...weights, architecture }, preprocessing, cached, featuresKey };
}

/** Whether images come out of both alike. */
export const isSamePreprocessing = (one: Preprocessing, other: Preprocessing): boolean =>
  keyOf('', one) === keyOf('', other);

function keyOf(content: string, { size, cropPct, cropMode, interpolation, flip, mean, std }: Preprocessing): string {
  const parts = [content, size, cropPct, interpolation, mean.join(','), std.join(',')];
  return [...parts, ...(cropMode ? [cropMode] : []), ...(flip ? ['flip'] : [])].join('/');
}

/** What a computation ends with that needs weights which this browser does not have: how large they are, and where they are. */
export function missingWeights({ id, label, bytes, origin }: Weights, cause?: unknown): AppError {
  const { weightsId } = partsOfId(id);
  const size = bytes === null ? '' : ` (${inMegabytes(bytes)})`;
  const sentence = `This needs the weights of ${label}${size}, which are not in this browser.`;
  if (origin === 'origin') return new AppError('weights-missing', sentence, { cause, weightsId });
  if (origin === 'hub') {
    return new AppError('weights-missing', `${sentence} They can be downloaded from the Hugging Face hub.`, {
      cause,
      weightsId,
    });
  }
  return new AppError('weights-missing', `${sentence} Drop their model.safetensors.`, { cause });
}
