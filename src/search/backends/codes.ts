import type { SearchBackend } from '../backend.ts';

/** Compares every query with every image by codes of 8 bits, and the best of them again by their vectors. */
export const codes: SearchBackend<'codes', 'codes'> = {
  name: 'codes',
  label: 'exact search over 8-bit codes',
  explanation:
    'Exact search over 8-bit codes compares the query with codes of all gallery images, a quarter of their size, and by their stored embeddings those of the best thousand that may come first: it may miss what lies beyond these.',
  form: 'codes',
  capabilities: { approximate: true, buildable: false, adjustable: false },
  open: async (gallery) => ({
    search: (queries, k, work) => gallery.search(queries, k, work),
    async close() {},
  }),
};
