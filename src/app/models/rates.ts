/** How fast this machine embeds: measured whenever it does, so that the next time is known beforehand. */
import * as v from 'valibot';
import { ARCHITECTURES, isArchitecture } from '../../models/specs/architectures.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import type { Weights } from '../../types.ts';
import { database } from '../context.ts';
import { engineStore } from '../engine.ts';
import { jobs } from '../jobs/jobs.ts';
import { usableWeights } from './weights.ts';

const KEY = 'embedding-rates';
/** Fewer images tell more of the start of the workers than of the network. */
const FEWEST_IMAGES = 8;

let rates: ReadonlyMap<string, number> = new Map();

/** Reads what was measured in earlier visits; called at start. */
export async function loadRates(): Promise<void> {
  const stored = await getSetting(database, KEY, v.array(v.tuple([v.string(), v.pipe(v.number(), v.gtValue(0))])));
  rates = new Map(stored ?? []);
}

/** Images a second of this backbone on the engine in use; null where that was never measured. */
export const rateOf = (weights: Weights): number | null => rates.get(nameOf(weights)) ?? null;

/** Keeps how long embedding these images took. */
export function noteRate(weights: Weights, images: number, elapsedMs: number): void {
  if (images < FEWEST_IMAGES || elapsedMs <= 0) return;
  rates = new Map(rates).set(nameOf(weights), images / (elapsedMs / 1000));
  putSetting(database, KEY, [...rates]).catch((error) => jobs.fail('models', error));
}

/** Any weights of one architecture take as long; other sizes, mirror images and other engines do not. */
function nameOf(weights: Weights): string {
  const { architecture } = weights;
  if (!isArchitecture(architecture)) return architecture;
  const { size, flip } = usableWeights(weights)?.preprocessing ?? ARCHITECTURES[architecture].preprocessing;
  return `${architecture} at ${size}${flip ? ' with mirror images' : ''}, ${engineStore.getState().engine?.kind ?? 'wasm'}`;
}
