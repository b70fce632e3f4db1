import { AppError } from '../errors.ts';
import { probeWebgpu } from '../models/engines/webgpu/adapter.ts';
import type { EngineChoice, EngineInfo, EngineKind } from '../types.ts';

/** More workers than this share memory bandwidth, not arithmetic. */
const MOST_WORKERS = 8;
/** Images in one forward pass: large enough to fill the device, small enough that progress is seen and memory flat. */
const BATCH: Readonly<Record<EngineKind, number>> = { webgpu: 32, wasm: 4 };

/** An engine, and how many images it is given at once. */
export interface ChosenEngine {
  readonly engine: EngineInfo;
  readonly batch: number;
}

/**
 * Which engine `choice` leads to on this machine, found out without loading TensorFlow.js.
 * @throws AppError 'engine-unavailable' where WebGPU is insisted on and not there.
 */
export async function chooseEngine(choice: EngineChoice, workers: number | null): Promise<ChosenEngine> {
  if (choice === 'wasm') return wasmEngine(workers, 'Chosen in the settings.');
  const { adapter, software, reason } = await probeWebgpu();
  if (adapter !== null && software && choice === 'webgpu') {
    const note = 'This is a software adapter: right, but about a hundred times slower than WASM.';
    // A batch takes minutes there; one image at a time, and progress is seen.
    return { engine: { kind: 'webgpu', adapter, workers: 1, reason: note }, batch: 1 };
  }
  if (adapter !== null && !software) {
    return { engine: { kind: 'webgpu', adapter, workers: 1, reason: null }, batch: BATCH.webgpu };
  }
  const why = reason ?? 'This browser offers no WebGPU adapter.';
  if (choice === 'webgpu') throw new AppError('engine-unavailable', why);
  return wasmEngine(workers, software ? 'There is only a software WebGPU adapter, and WASM is faster than that.' : why);
}

/** WASM, with a sentence that says why. `workers`: how many are asked for, null for one a core. */
export function wasmEngine(workers: number | null, reason: string): ChosenEngine {
  const count = Math.max(1, Math.min(MOST_WORKERS, workers ?? navigator.hardwareConcurrency));
  return { engine: { kind: 'wasm', adapter: null, workers: count, reason }, batch: BATCH.wasm };
}
