import { type Connection, connect } from '../../../src/workers/connect.ts';
import type { TrainingWorker } from '../../../src/workers/training-protocol.ts';

/** The training worker as the app starts it. Close it when done. */
export function startTrainingWorker(): Connection<TrainingWorker> {
  return connect<TrainingWorker>(
    new Worker(new URL('../../../src/workers/training.worker.ts', import.meta.url), {
      type: 'module',
      name: 'training',
    }),
  );
}
