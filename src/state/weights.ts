import * as v from 'valibot';
import { findWeights } from '../core/weights-client.ts';
import { ARCHITECTURES, BACKBONES } from '../models/backbones.ts';
import { cachedSchema } from '../models/weights/records.ts';
import { rememberedWeights, rememberWeights } from '../storage/weights.ts';
import type { CachedWeights, Weights } from '../types.ts';
import { type UsableWeights, usable } from './backbone-session.ts';
import { database } from './session.ts';
import { settingsStore } from './settings.ts';

let origin: readonly Weights[] = [];
let cached = new Map<string, CachedWeights>();
/** What was cached once: its features are still there, and can be searched without the weights. */
let remembered = new Map<string, CachedWeights>();

/** Looks up what the app's own origin serves and what the browser keeps. */
export async function loadWeightsLists(): Promise<void> {
  const [found, known] = await Promise.all([findWeights(), rememberedWeights(database)]);
  origin = found.origin;
  cached = byId(found.cached);
  // What lies in the browser may be of another version of the app, or anybody's.
  remembered = byId([...known.filter((record) => v.is(cachedSchema, record)), ...found.cached]);
  settingsStore.setState(({ storage }) => ({ storage: { ...storage, weightsLast: found.lasting } }));
}

/** What was here, without asking: for when all of it has been deleted. */
export function forgetAllCached(): void {
  cached = new Map();
  remembered = new Map();
}

const byId = (list: readonly CachedWeights[]) => new Map(list.map((weights) => [weights.id, weights]));

/** All sets of weights that could be used: the built-in table, then what the origin adds, then the person's own. */
export function allWeights(): Weights[] {
  const served = new Map(origin.map((weights) => [weights.id, weights]));
  // The app's own origin comes before the hub (DESIGN §4).
  const builtIn = BACKBONES.map((weights) => served.get(weights.id) ?? weights);
  const known = new Set(builtIn.map(({ id }) => id));
  const added = origin.filter(({ id }) => !known.has(id));
  for (const { id } of added) known.add(id);
  const own = [...cached.values()].filter(({ id }) => !known.has(id)).map(fromFile);
  return [...builtIn, ...added, ...own];
}

function fromFile({ id, architecture, bytes }: CachedWeights): Weights {
  const { label, summary, features } = ARCHITECTURES[architecture];
  const unknown = { licence: null, repository: null, revision: null };
  return { id, architecture, label, summary, features, bytes, origin: 'local', ...unknown };
}

export function cachedWeights(id: string): CachedWeights | null {
  return cached.get(id) ?? null;
}

/** Null where these weights have never been here. */
export function usableWeights(weights: Weights): UsableWeights | null {
  return usable(weights, cached.get(weights.id) ?? remembered.get(weights.id) ?? null);
}

export function findWeightsById(id: string): Weights | null {
  return allWeights().find((weights) => weights.id === id) ?? null;
}

export async function addCached(weights: CachedWeights): Promise<void> {
  cached.set(weights.id, weights);
  remembered.set(weights.id, weights);
  await rememberWeights(database, weights);
}

export function forgetCached(id: string): void {
  cached.delete(id);
}
