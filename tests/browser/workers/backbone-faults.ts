/**
 * What befalls the app's backbone worker, as planned. Crops that begin in magenta are poison. Where the page asks for
 * WebGPU, WASM computes in its place, since software WebGPU takes minutes on a busy machine: what is tested is what the page
 * does about a card that fails. That a real device's loss is found is tested in models/engine.test.ts.
 */
import { fail, planned, seeCalls } from './faults.ts';

let calls = 0;
let onCard = false;

/** Whether a crop of 8-bit RGB among n begins in magenta. */
function poisonous(pixels: Uint8Array, n: number): boolean {
  const length = pixels.length / n;
  return Array.from({ length: n }, (_, i) => pixels.subarray(i * length, i * length + 3)).some(
    ([r = 0, g = 0, b = 0]) => r > 250 && g < 5 && b > 250,
  );
}

seeCalls(({ method, parameters: [first, n, share], event, refuse, change }) => {
  const { poison, inTeam, loseAt, mostImages, refuse: reason } = planned.faults;
  if (method === 'open' && first === 'webgpu') {
    onCard = true;
    if (reason) refuse('engine-unavailable', reason);
    else change(0, 'wasm');
  }
  if (method !== 'features' || !(first instanceof Uint8Array) || typeof n !== 'number') return;
  calls++;
  if (inTeam && typeof share === 'object' && share !== null && Reflect.get(share, 'index') === 1) fail(inTeam, event);
  else if (poison && poisonous(first, n)) fail(poison, event);
  else if (onCard && mostImages !== undefined && n > mostImages) refuse('engine-memory', 'Too little memory.');
  else if (onCard && calls === loseAt) refuse('engine-lost', 'The graphics device was lost.');
});
