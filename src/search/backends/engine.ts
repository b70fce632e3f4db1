import type { ServerBackend } from '../backend.ts';

/** PostgreSQL with pgvector behind the app's own server (scripts/server/engine-route.ts). */
export const engine: ServerBackend<'engine'> = {
  name: 'engine',
  label: 'the server’s gallery',
  capabilities: { approximate: true, buildable: false, adjustable: true },
  connect: async (base) => (await import('./engine-client.ts')).engineClient(base),
};
