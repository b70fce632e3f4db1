/** A beat is a worker's word that its work came forward. What it says is nothing: that it comes is enough (silence.ts). */
const BEAT = 'beat';
/** Half-way between noise and the shortest silence that counts as hanging. */
const EVERY_MS = 500;

let last = Number.NEGATIVE_INFINITY;

/**
 * Says that the work came forward: a layer is computed, an image decoded, an epoch learned. Called where something was
 * achieved and not by a clock, so that a worker whose promise never settles falls silent although its event loop lives.
 * It is heard in the middle of synchronous work too, since messages leave a worker at once.
 */
export function beat(): void {
  const now = performance.now();
  if (now - last < EVERY_MS) return;
  last = now;
  // Some of the workers' code is tested outside of them, where nothing listens.
  if ('DedicatedWorkerGlobalScope' in globalThis) postMessage(BEAT);
}

/**
 * Beats by the clock while `work` lasts, at most `limitMs` long: for waits whose progress cannot be seen, such as a script that
 * is being fetched, or that have a watch of their own, as downloads.
 */
export async function beatDuring<R>(work: Promise<R>, limitMs = Number.POSITIVE_INFINITY): Promise<R> {
  const start = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - start < limitMs) beat();
  }, 2 * EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
