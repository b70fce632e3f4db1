import { AppError } from '../../../errors.ts';

/** What TensorFlow.js does not say of the device that computes. */
export interface WatchedDevice {
  /** Rejects with AppError 'engine-lost' when the graphics device is lost; a new worker is needed then. Never resolves. */
  readonly lost: Promise<never>;
  /**
   * Says that a step was computed, or handed to the graphics card: the engine's `onProgress` is called once that, and all
   * before it, is done.
   */
  mark(): void;
  /**
   * Runs what asks the engine for work, and awaits its result. With WebGPU, a card that refuses memory or work fails
   * neither at once nor at the end: it returns zeros. Here it fails.
   * @throws AppError 'engine-memory', 'internal' for work that the card refused, 'engine-lost' where what failed failed by
   * that, and what `work` throws.
   */
  checked<R>(work: () => Promise<R>): Promise<R>;
}

/** What TensorFlow.js does not watch: whether the device is still there, and whether it did what it was asked. */
export function watchDevice(device: GPUDevice, onProgress: () => void): WatchedDevice {
  const lost = device.lost.then(({ message }): never => {
    const detail = message ? ` (${message})` : '';
    const sentence = `The graphics device was lost${detail}. Features computed so far are kept; start again to continue.`;
    throw new AppError('engine-lost', sentence);
  });
  // It may be lost between two calls, when nothing is listening.
  lost.catch(() => {});

  async function checked<R>(work: () => Promise<R>): Promise<R> {
    // A scope catches what is asked for while it is open, whenever the card answers: whole batches are asked for at once.
    for (const filter of SCOPES) device.pushErrorScope(filter);
    const result = started(work);
    const scopes = SCOPES.map(() => device.popErrorScope());
    // A failed scope is a lost device, of which `lost` tells.
    for (const scope of scopes) scope.catch(() => {});
    const refused = Promise.all(scopes).then((errors) => {
      const [error] = errors.filter((found) => found !== null);
      if (error) throw refusal(error);
    });
    refused.catch(() => {});
    try {
      const [value] = await Promise.all([result, refused]);
      return value;
    } catch (error) {
      // The card's own words come before what TensorFlow.js made of the consequences.
      const told = new Promise((resolve) => setTimeout(resolve, TOLD_MS));
      await Promise.race([lost, told]);
      await Promise.race([refused, told]);
      throw error;
    }
  }

  return {
    lost,
    mark: () => void device.queue.onSubmittedWorkDone().then(onProgress, () => {}),
    checked,
  };
}

/** The outermost first. */
const SCOPES = ['internal', 'validation', 'out-of-memory'] as const;

/** A device that goes rejects what waits for it a moment before it tells that it goes. */
const TOLD_MS = 250;

/** Failures at once and later ones alike; memory for what is sent to the card is refused at once, as a RangeError. */
async function started<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RangeError ? outOfMemory(error) : error;
  }
}

function refusal(error: GPUError): AppError {
  if (error instanceof GPUOutOfMemoryError) return outOfMemory(error);
  return new AppError('internal', `The graphics card refused work: ${error.message}`, { cause: error });
}

function outOfMemory(cause: unknown): AppError {
  const sentence = 'The graphics card has too little free memory. Close other tabs that use it, or choose WASM.';
  return new AppError('engine-memory', sentence, { cause });
}
