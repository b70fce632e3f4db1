import { type Remote, transfer, wrap } from 'comlink';
import { AppError, aborted } from '../errors.ts';
import { END_OF_PROGRESS } from './control.ts';
import type { CallControl } from './protocol.ts';
import './errors-across.ts';

/** A worker seen from the main thread. Every call rejects when the worker dies, instead of waiting for ever. */
export interface Connection<T> {
  readonly api: Remote<T>;
  /** Rejects with AppError 'worker-failed' when the worker throws outside a call, hangs, or is closed. Never resolves. */
  readonly failed: Promise<never>;
  close(): void;
}

/**
 * Wraps a worker by its protocol interface. The worker is owned by the connection. One with a pending call and gives no
 * sign of progress for `silenceMs` is ended: it hangs, or was ended from outside, which a browser does not report.
 */
export function connect<T extends object>(worker: Worker, silenceMs = USUAL_SILENCE_MS): Connection<T> {
  let fail: (error: AppError) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const watch = watchSilence(silenceMs, () => {
    worker.terminate();
    const sentence = `A background worker gave no sign of life for ${Math.round(silenceMs / 1000)} seconds and was ended.`;
    fail(new AppError('worker-failed', sentence));
  });
  // Without a listener, a failure between two calls would be reported as unhandled.
  failed.catch(() => watch.stop());
  // Answers and beats alike.
  worker.addEventListener('message', watch.sign);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    fail(new AppError('worker-failed', `A background worker stopped: ${event.message || 'it could not be loaded'}.`));
  });
  worker.addEventListener('messageerror', () => {
    fail(new AppError('worker-failed', 'A background worker sent something that could not be read.'));
  });
  const remote = wrap<T>(worker);
  const api = new Proxy(remote, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...parts: unknown[]) => {
        const answered = watch.asked();
        const answer = Promise.resolve(Reflect.apply(member, undefined, parts));
        return Promise.race([answer, failed]).finally(answered);
      };
    },
  });
  return {
    api,
    failed,
    close() {
      worker.terminate();
      fail(new AppError('worker-failed', 'The background worker was closed.'));
    },
  };
}

/** Marks an argument's buffers to be moved to the worker, not copied: they are empty here afterwards. */
export function move<T>(value: T, ...buffers: ArrayBuffer[]): T {
  return transfer(value, buffers);
}

/** Longest wait for reports that were sent before a call ended, should the worker have closed nothing. */
const LAST_REPORTS_MS = 1000;

/**
 * Runs a call that takes a CallControl: forwards the signal's abort, hands on the worker's reports, closes the port.
 * The call itself decides how fast it stops; its promise is awaited, so that nothing goes on behind the caller's back.
 * Every report of the worker has been handed on when this ends: a report may carry a checkpoint.
 */
export async function controlled<P, R>(
  signal: AbortSignal,
  onProgress: (progress: P) => void,
  call: (control: CallControl) => Promise<R>,
): Promise<R> {
  if (signal.aborted) throw aborted();
  const { port1, port2 } = new MessageChannel();
  // Reports and the call's answer come by different ports, so in any order.
  const reported = new Promise<void>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<{ progress: P } | typeof END_OF_PROGRESS>) => {
      if (data === END_OF_PROGRESS) resolve();
      else onProgress(data.progress);
    };
  });
  const stop = () => port1.postMessage('abort');
  signal.addEventListener('abort', stop);
  try {
    return await call(transfer({ port: port2 }, [port2]));
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.race([reported, new Promise((resolve) => setTimeout(resolve, LAST_REPORTS_MS))]);
    port1.close();
  }
}

/**
 * How long a worker with a pending call may say nothing before it counts as hung. Every step of work says something
 * (beat.ts): a layer of a network, an image, a piece of a file. The slowest single step that is known, a transformer block
 * for one image on a processor of ten years ago, takes two seconds; what takes minutes is many steps.
 */
const USUAL_SILENCE_MS = 60_000;

/** Silence is counted in looks, not by the clock: see below. */
const LOOKS = 6;
/** Its script has still to come over what may be a slow line, and speaks only then: times the patience. */
const BEFORE_FIRST_SIGN = 5;

export interface SilenceWatch {
  /** The worker was asked something. Call the result once, when that has been answered. */
  asked(): () => void;
  /** The worker said something. */
  sign(): void;
  stop(): void;
}

/**
 * Calls `onSilence` once when a worker with a pending call has given no sign for `silenceMs`. It looks a few times in that
 * span and counts the looks that found nothing: a computer that slept, or a page that was held up itself, has looked at
 * most once meanwhile, and the hours asleep do not count as its workers' silence.
 */
export function watchSilence(silenceMs: number, onSilence: () => void): SilenceWatch {
  let owed = 0;
  let quietLooks = 0;
  let heard = false;
  let timer: ReturnType<typeof setInterval> | null = null;
  const rest = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const look = () => {
    quietLooks++;
    if (quietLooks <= LOOKS * (heard ? 1 : BEFORE_FIRST_SIGN)) return;
    rest();
    onSilence();
  };
  return {
    asked() {
      owed++;
      if (timer === null) {
        quietLooks = 0;
        timer = setInterval(look, silenceMs / LOOKS);
      }
      return () => {
        if (--owed === 0) rest();
      };
    },
    sign() {
      heard = true;
      quietLooks = 0;
    },
    stop: rest,
  };
}
