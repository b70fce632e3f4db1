import type { AnyBackend, ServerBackend } from './backend.ts';
import { codes } from './backends/codes.ts';
import { engine } from './backends/engine.ts';
import { exact } from './backends/exact.ts';
import { hnsw } from './backends/hnsw.ts';

/** Every way to search the gallery of this tab. Exact search comes first: it is there without being built, and answers where others cannot yet. */
export const BACKENDS = [exact, hnsw, codes] as const satisfies readonly AnyBackend[];

/** Every way to search a gallery that the app's own server has. */
export const SERVER_BACKENDS = [engine] as const satisfies readonly ServerBackend[];

export type IndexKind = (typeof BACKENDS)[number]['name'];
export type ServerKind = (typeof SERVER_BACKENDS)[number]['name'];

/** What a user asks for; 'auto' is exact search as long as it is faster in total. */
export type IndexChoice = IndexKind | 'auto';

export const INDEX_KINDS: readonly IndexKind[] = BACKENDS.map(({ name }) => name);

export function backendNamed(name: IndexKind): AnyBackend<IndexKind> {
  return BACKENDS.find((backend) => backend.name === name) ?? exact;
}
