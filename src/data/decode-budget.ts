/** Images above this are refused: decoded, the largest takes 480 MB (4 bytes a pixel). */
export const PIXEL_LIMIT = 120e6;

/** Pixels that one worker may hold decoded at a time: 128 MB. A larger image is decoded alone. */
const PIXELS_IN_FLIGHT = 32e6;

interface Waiting {
  readonly share: number;
  enter(): void;
}

let inFlight = 0;
const queue: Waiting[] = [];

function admit(): void {
  for (let next = queue[0]; next && inFlight + next.share <= PIXELS_IN_FLIGHT; next = queue[0]) {
    queue.shift();
    inFlight += next.share;
    next.enter();
  }
}

/**
 * Runs `task`, which holds `pixels` decoded pixels until it ends, as soon as the worker has room for them; first come,
 * first served. One that fills the room alone also waits for its like in the other workers and tabs, where the browser
 * has locks (secure contexts).
 */
export async function withRoomFor<T>(pixels: number, task: () => Promise<T>): Promise<T> {
  const share = Math.min(pixels, PIXELS_IN_FLIGHT);
  await new Promise<void>((enter) => {
    queue.push({ share, enter });
    admit();
  });
  try {
    const locks: LockManager | undefined = globalThis.navigator?.locks;
    if (pixels <= PIXELS_IN_FLIGHT || !locks) return await task();
    return await locks.request('likeness: a large image', task);
  } finally {
    inFlight -= share;
    admit();
  }
}
