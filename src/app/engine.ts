import { createStore } from 'zustand/vanilla';
import type { EngineInfo } from '../types.ts';

/** The engine in use, null until it has been opened (or probed) once. */
export const engineStore = createStore<{ readonly engine: EngineInfo | null }>()(() => ({ engine: null }));
