import { type Connection, connect } from '../../../src/workers/connect.ts';
import type { ImageWorker } from '../../../src/workers/protocol.ts';

/** The image worker as the app starts it. Close it when done. */
export function startImageWorker(): Connection<ImageWorker> {
  return connect<ImageWorker>(
    new Worker(new URL('../../../src/workers/image.worker.ts', import.meta.url), { type: 'module', name: 'image' }),
  );
}
