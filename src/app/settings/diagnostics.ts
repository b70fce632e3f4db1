import { dependencies, version } from '../../../package.json';
import { canShareMemory } from '../../math/shared-memory.ts';
import { webgpuLimits } from '../../models/engines/webgpu/adapter.ts';
import { inEnglish } from '../../numerals.ts';
import { originUsage } from '../../storage/usage.ts';
import { context } from '../context.ts';
import { engineStore } from '../engine.ts';
import { jobs } from '../jobs/jobs.ts';
import { settingsStore } from './settings.ts';

/**
 * Versions, adapter, limits, last errors. Errors give their codes alone unless `messages` are asked for, which may hold names
 * of files.
 */
export async function diagnostics({ messages }: { readonly messages: boolean }): Promise<string> {
  const { engine } = engineStore.getState();
  const { engine: choice, workers, wasmInstead } = settingsStore.getState();
  const { usedBytes, quotaBytes } = await originUsage();
  const lines = {
    app: `Likeness ${version}`,
    tensorflow: dependencies['@tensorflow/tfjs'],
    browser: navigator.userAgent,
    cores: navigator.hardwareConcurrency,
    engine: engine
      ? { kind: engine.kind, adapter: engine.adapter, workers: engine.workers, reason: engine.reason }
      : 'not opened yet',
    chosen: { engine: choice, workers, wasmInstead },
    webgpuLimits: await webgpuLimits(),
    // Growing numbers here are a leak. A worker that does not answer any more has its error below.
    tensors: {
      backbone: await context.backbones.tensors().catch(() => null),
      training: await trainingTensors().catch(() => null),
    },
    storage: `${usedBytes ?? '?'} of ${quotaBytes ?? '?'} bytes`,
    sharedMemory: canShareMemory(),
    lastErrors: messages ? jobs.lastErrors() : jobs.lastErrors().map(({ at, code }) => ({ at, code })),
  };
  return inEnglish(JSON.stringify(lines, null, 2));
}

/** Tensors that the training worker holds; null while there is none. */
async function trainingTensors(): Promise<number | null> {
  const living = context.workers.training.living();
  return living ? (await living.api.memory()).numTensors : null;
}
