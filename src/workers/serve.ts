import { expose, transfer } from 'comlink';
import { beat } from './beat.ts';
import './errors-across.ts';

const SERVED = Symbol.for('likeness.served');

/**
 * Offers a worker's methods to the thread that made it. A script that is evaluated a second time in the same worker (WebKit does
 * so where a part of it imports it) offers nothing: two would answer each call, the second without what was opened.
 */
export function serve(api: object): void {
  if (SERVED in globalThis) return;
  Object.defineProperty(globalThis, SERVED, { value: true });
  expose(api);
  // Its script has come and runs.
  beat();
}

/** Marks a result's buffers to be moved to the caller, not copied. */
export function move<T>(value: T, ...buffers: ArrayBuffer[]): T {
  return transfer(value, buffers);
}
