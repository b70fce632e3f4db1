/** One thread of what scripts/bench/peak.ts measures. */
import * as v from 'valibot';

const request = v.object({ bytes: v.instance(Uint8Array<ArrayBuffer>), what: v.picklist(['arithmetic', 'copy']) });

/** Milliseconds that are measured; a thread that starts late still runs beside the others for most of them. */
const SPAN = 400;
/** Far more than caches hold. */
const COPIED = 64 * 2 ** 20;
const ROUNDS = 200_000;
/** Operations of a round of `multiplyAdd`: 12 instructions of 4 products and 4 sums. */
const OPERATIONS = 96;

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const { bytes, what } = v.parse(request, data);
  const memory = new WebAssembly.Memory({ initial: 2 + (2 * COPIED) / 65_536 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const kernel = (name: string) => {
    const found = exports[name];
    if (typeof found !== 'function') throw new Error(`There is no ${name}.`);
    return found;
  };
  const [multiplyAdd, copy] = [kernel('multiplyAdd'), kernel('copy')];
  // A copy is read and written.
  const once = what === 'arithmetic' ? () => multiplyAdd(ROUNDS) : () => copy(65_536, 65_536 + COPIED, COPIED);
  const amount = what === 'arithmetic' ? ROUNDS * OPERATIONS : 2 * COPIED;
  for (let i = 0; i < 3; i++) once();
  let best = Number.POSITIVE_INFINITY;
  for (const begin = performance.now(); performance.now() - begin < SPAN; ) {
    const start = performance.now();
    once();
    best = Math.min(best, performance.now() - start);
  }
  // Billions a second.
  self.postMessage(amount / best / 1e6);
});
