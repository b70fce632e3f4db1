/** Short enough that a frame (16 ms) still has room to draw. */
const SLICE_MS = 8;

/**
 * Keeps a long loop from freezing the page. Call the returned function at every step: it answers nothing while the
 * current slice lasts, and a promise to wait for (the page's turn) once the slice is over.
 */
export function createSlices(sliceMs = SLICE_MS): () => Promise<void> | undefined {
  let start = performance.now();
  return () => {
    if (performance.now() - start < sliceMs) return undefined;
    return pageTurn().then(() => {
      start = performance.now();
    });
  };
}

/** Lets the page draw and answer between two pieces of work that cannot be cut. */
export function pageTurn(): Promise<void> {
  return new Promise((resolve) => {
    // A message, since timers are delayed to a second in background tabs.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
