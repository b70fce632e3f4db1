import { version } from '../../package.json';
import type { AppError } from '../errors.ts';
import { trainingTensors } from '../pipeline/training-client.ts';
import { originUsage } from '../storage/usage.ts';
import { backboneTensors } from './backbone-session.ts';
import { modelsStore } from './models.ts';

const KEPT_ERRORS = 20;
const lastErrors: { at: string; code: string; message: string }[] = [];

/** Keeps the error for the diagnostic report, and hands it back. */
export function recordError(error: AppError): AppError {
  lastErrors.push({ at: new Date().toISOString(), code: error.code, message: error.message });
  if (lastErrors.length > KEPT_ERRORS) lastErrors.shift();
  return error;
}

/** Versions, adapter, limits, last errors; codes only, since messages may contain file names. */
export async function diagnostics(): Promise<string> {
  const { engine } = modelsStore.getState();
  const { usedBytes, quotaBytes } = await originUsage();
  const lines = {
    app: `Likeness ${version}`,
    browser: navigator.userAgent,
    cores: navigator.hardwareConcurrency,
    engine: engine ? `${engine.kind}, ${engine.adapter ?? 'no adapter'}, ${engine.workers} workers` : 'not opened yet',
    // Growing numbers here are a leak.
    tensors: { backbone: await backboneTensors(), training: await trainingTensors() },
    storage: `${usedBytes ?? '?'} of ${quotaBytes ?? '?'} bytes`,
    crossOriginIsolated: globalThis.crossOriginIsolated,
    lastErrors: lastErrors.map(({ at, code }) => `${at} ${code}`),
  };
  return JSON.stringify(lines, null, 2);
}
