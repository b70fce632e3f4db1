import { expose, transfer } from 'comlink';
import { beat } from './beat.ts';
import './errors-across.ts';

/** Offers a worker's methods to the thread that made it. */
export function serve(api: object): void {
  expose(api);
  // Its script has come and runs.
  beat();
}

/** Marks a result's buffers to be moved to the caller, not copied. */
export function move<T>(value: T, ...buffers: ArrayBuffer[]): T {
  return transfer(value, buffers);
}
