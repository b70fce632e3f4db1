import type { SearchBackend } from '../backend.ts';

/** Compares every query with every image. */
export const exact: SearchBackend<'exact'> = {
  name: 'exact',
  label: 'exact search',
  explanation: 'Exact search compares the query with every gallery image.',
  form: 'vectors',
  capabilities: { approximate: false, buildable: false, adjustable: false },
  open: async (gallery) => ({
    search: (queries, k, work) => work.steps(gallery.rank(queries, k)),
    async close() {},
  }),
};
