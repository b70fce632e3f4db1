/** How fast this machine embeds and trains: measured whenever it does, so that the next time is known beforehand. */
import * as v from 'valibot';
import { ARCHITECTURES, isArchitecture } from '../../models/specs/architectures.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import type { Weights } from '../../types.ts';
import { database } from '../context.ts';
import { engineStore } from '../engine.ts';
import { jobs } from '../jobs/jobs.ts';
import { usableWeights } from './weights.ts';

const KEY = 'embedding-rates';
const TRAINING_KEY = 'training-rates';
/** Fewer images tell more of the start of the workers than of the network. */
const FEWEST_IMAGES = 8;

const storedRates = v.array(v.tuple([v.string(), v.pipe(v.number(), v.gtValue(0))]));

let rates: ReadonlyMap<string, number> = new Map();
/** By engine. */
let trainingRates: ReadonlyMap<string, number> = new Map();

/** Reads what was measured in earlier visits; called at start. */
export async function loadRates(): Promise<void> {
  rates = new Map(await getSetting(database, KEY, storedRates));
  trainingRates = new Map(await getSetting(database, TRAINING_KEY, storedRates));
}

/** Images a second of this backbone on the engine in use; null where that was never measured. */
export const rateOf = (weights: Weights): number | null => rates.get(nameOf(weights)) ?? null;

/** Keeps how long embedding these images took. */
export function noteRate(weights: Weights, images: number, elapsedMs: number): void {
  if (images < FEWEST_IMAGES || elapsedMs <= 0) return;
  rates = new Map(rates).set(nameOf(weights), images / (elapsedMs / 1000));
  putSetting(database, KEY, [...rates]).catch((error) => jobs.fail('models', error));
}

/** Work of a training (core/plan.ts) a second on the engine in use; null where none was ever measured. */
export const trainingRate = (): number | null => trainingRates.get(engineName()) ?? null;

/** What the latest training has come to so far. */
export function noteTrainingRate(work: number, elapsedMs: number): void {
  if (work > 0 && elapsedMs > 0) trainingRates = new Map(trainingRates).set(engineName(), work / (elapsedMs / 1000));
}

/** At the end of a training: an epoch takes milliseconds. */
export function keepTrainingRates(): void {
  putSetting(database, TRAINING_KEY, [...trainingRates]).catch((error) => jobs.fail('comparison', error));
}

const engineName = (): string => engineStore.getState().engine?.kind ?? 'wasm';

/** Any weights of one architecture take as long; other sizes, mirror images and other engines do not. */
function nameOf(weights: Weights): string {
  const { architecture } = weights;
  if (!isArchitecture(architecture)) return architecture;
  const { size, flip } = usableWeights(weights)?.preprocessing ?? ARCHITECTURES[architecture].preprocessing;
  return `${architecture} at ${size}${flip ? ' with mirror images' : ''}, ${engineName()}`;
}
