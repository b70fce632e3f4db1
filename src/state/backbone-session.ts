import { type BackbonePool, openBackbone } from '../core/backbone-pool.ts';
import { openWeights } from '../core/weights-client.ts';
import { AppError } from '../errors.ts';
import type { ARCHITECTURES } from '../models/backbones.ts';
import { COLOUR_GRADIENT } from '../models/colour-gradient.ts';
import type { CachedWeights, EngineChoice, EngineInfo, Preprocessing, Weights } from '../types.ts';
import { modelsStore } from './models.ts';
import { warn } from './operations.ts';
import { settingsStore } from './settings.ts';

/** A set of weights that features can be computed with, or were computed with. */
export interface UsableWeights {
  readonly weights: Weights;
  readonly preprocessing: Preprocessing;
  /** Names weights and preprocessing by content: equal keys, equal features. */
  readonly featuresKey: string;
  /** Null for the descriptor. */
  readonly cached: CachedWeights | null;
}

/** Null where the weights have never been here, so that their content (hence their features' key) is unknown. */
export function usable(weights: Weights, cached: CachedWeights | null): UsableWeights | null {
  if (weights.architecture === 'colour-gradient') {
    const { preprocessing, version } = COLOUR_GRADIENT;
    return { weights, preprocessing, cached: null, featuresKey: keyOf(`colour-gradient@${version}`, preprocessing) };
  }
  if (!cached) return null;
  const { preprocessing, sha256 } = cached;
  return { weights, preprocessing, cached, featuresKey: keyOf(`${weights.architecture}@${sha256}`, preprocessing) };
}

function keyOf(content: string, { size, cropPct, interpolation, mean, std }: Preprocessing): string {
  return [content, size, cropPct, interpolation, mean.join(','), std.join(',')].join('/');
}

let current: { readonly key: string; readonly pool: Promise<BackbonePool> } | null = null;

/** The backbone, loaded on the engine in use; it stays loaded for the next query until another one is asked for. */
export function loadedBackbone(usable: UsableWeights): Promise<BackbonePool> {
  const choice = engineChoice();
  const key = JSON.stringify([usable.featuresKey, choice]);
  if (current?.key === key) return current.pool;
  closeBackbone();
  const opening = { key, pool: open(usable, choice) };
  current = opening;
  opening.pool.catch(() => {
    if (current === opening) current = null;
  });
  return opening.pool;
}

/** Tensors that each of the loaded backbone's workers holds. */
export async function backboneTensors(): Promise<number[]> {
  const pool = await current?.pool.catch(() => null);
  return pool ? pool.tensors() : [];
}

/** Frees the engine's memory: a worker's WASM heap shrinks only when the worker ends. */
export function closeBackbone(): void {
  const closing = current;
  current = null;
  closing?.pool.then(
    (pool) => pool.close(),
    () => {},
  );
}

/** The engine that the settings ask for, or WASM where the graphics card failed and the person went on without. */
function engineChoice(): EngineChoice {
  const { engine, wasmInstead } = settingsStore.getState();
  return wasmInstead ? 'wasm' : engine;
}

/** Names the engine in use. */
function show(engine: EngineInfo): void {
  const { wasmInstead } = settingsStore.getState();
  const reason = wasmInstead ? 'Chosen after WebGPU had failed. Choose an engine to try it again.' : engine.reason;
  modelsStore.setState({ engine: { ...engine, reason } });
}

async function open({ weights, preprocessing, cached }: UsableWeights, choice: EngineChoice): Promise<BackbonePool> {
  const { workers } = settingsStore.getState();
  const { architecture } = weights;
  const onChange = (why: AppError, engine: EngineInfo) => {
    show(engine);
    warn(why);
  };
  if (architecture === 'colour-gradient') {
    // The descriptor is plain arithmetic: it needs no engine, only workers.
    const none = { file: null, weightBytes: 0, choice: 'wasm' } as const;
    return openBackbone({ ...none, backbone: architecture, preprocessing, workers, onChange });
  }
  if (!cached) throw new AppError('weights-missing', `${weights.label} has not been downloaded yet.`);
  const file = await openWeights(cached.id);
  const weightBytes = PARAMETER_BYTES[architecture];
  const pool = await openBackbone({
    backbone: architecture,
    file,
    weightBytes,
    preprocessing,
    choice,
    workers,
    onChange,
  });
  show(pool.engine);
  return pool;
}

/** Parameters of the networks (timm's counts, classifier included) as 32-bit numbers. */
const PARAMETER_BYTES: Readonly<Record<keyof typeof ARCHITECTURES, number>> = {
  resnet50: 25.6e6 * 4,
  efficientnet_b0: 5.3e6 * 4,
  tf_efficientnetv2_b0: 7.1e6 * 4,
  vit_base_patch16_224: 86.6e6 * 4,
  deit_tiny_patch16_224: 5.7e6 * 4,
};
