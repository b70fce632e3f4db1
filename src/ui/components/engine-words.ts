import type { EngineChoice, EngineInfo, EngineKind } from '../../types.ts';
import { formatAmount } from '../format.ts';

export const engineChoices: { readonly value: EngineChoice; readonly label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'wasm', label: 'WASM' },
];

export function engineName(kind: EngineKind): string {
  return kind === 'webgpu' ? 'WebGPU' : 'WASM';
}

/** "Apple M2", "8 workers". */
export function engineDetail(engine: EngineInfo): string {
  return engine.kind === 'webgpu' ? (engine.adapter ?? 'unnamed adapter') : formatAmount(engine.workers, 'worker');
}
