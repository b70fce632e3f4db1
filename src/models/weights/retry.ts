import { AppError, aborted } from '../../errors.ts';

/** How long a download is tried before it counts as failed. */
export interface Patience {
  /** Attempts without progress. */
  readonly attempts: number;
  /** Pause before the second attempt; doubled before each further one. */
  readonly pauseMs: number;
  /** A connection that sends nothing for so long counts as cut. */
  readonly stallMs: number;
}

export const usualPatience: Patience = { attempts: 5, pauseMs: 500, stallMs: 30_000 };

/** A failure that another attempt may mend. The message is the clause after "since", for people. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Repeats an attempt while it ends with Interrupted. `progressed` says after a failure whether it brought anything worth
 * counting afresh. Pauses end early when the signal aborts.
 * @throws AppError 'aborted'; what `attempt` throws; after the last attempt AppError 'download-failed' with the sentences
 * that `explain` makes of the reason.
 */
export async function retrying<T>(
  patience: Patience,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  explain: (reason: string) => string,
  progressed: () => boolean = () => false,
): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw aborted();
      if (!(error instanceof Interrupted)) throw error;
      failures = progressed() ? 1 : failures + 1;
      if (failures >= patience.attempts) {
        throw new AppError('download-failed', explain(error.message), { cause: error.cause ?? error });
      }
      await pause(patience.pauseMs * 2 ** (failures - 1), signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(aborted());
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
