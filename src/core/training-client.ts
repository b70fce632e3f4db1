import type { Remote } from 'comlink';
import { type Connection, connect } from '../workers/connect.ts';
import type { TrainingWorker } from '../workers/training-protocol.ts';

let current: { readonly connection: Connection<TrainingWorker>; readonly opened: Promise<unknown> } | null = null;

/** Tensors that the training worker holds; null while there is none. */
export async function trainingTensors(): Promise<number | null> {
  return current ? (await current.connection.api.memory()).numTensors : null;
}

/** The training worker with its engine open; made at its first use, and made anew after it died. */
export async function trainingWorker(): Promise<Remote<TrainingWorker>> {
  if (!current) {
    const connection = connect<TrainingWorker>(
      new Worker(new URL('../workers/training.worker.ts', import.meta.url), { type: 'module', name: 'training' }),
    );
    // Heads are small: their matrices cost more on the way to a graphics card than on the processor.
    const made = { connection, opened: connection.api.open('wasm') };
    const forget = () => {
      if (current === made) current = null;
    };
    connection.failed.catch(forget);
    made.opened.catch(() => {
      forget();
      connection.close();
    });
    current = made;
  }
  const { connection, opened } = current;
  await opened;
  return connection.api;
}
