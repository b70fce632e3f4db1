import type { Plugin } from 'vite';

/**
 * For workers: keeps what an entry shares with chunks loaded later in a chunk of its own, so that none imports the entry. WebKit
 * evaluates a worker's entry a second time where one does: two instances then answer each call, one of them without what was
 * opened. A page's entry is evaluated once everywhere, and is better in one piece.
 */
export function entriesApart(): Plugin {
  return {
    name: 'entries-apart',
    // By this hook, since Vite's own value for workers cannot be configured.
    options: (options) => ({ ...options, preserveEntrySignatures: 'strict' }),
  };
}
