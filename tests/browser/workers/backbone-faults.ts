/** What befalls the app's backbone worker, as planned. Crops that begin in magenta are poison. */
import { fail, planned, seeCalls } from './faults.ts';

let device: GPUDevice | null = null;
let calls = 0;
let tooMuch = false;

const requestDevice = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...parts) {
  device = await requestDevice.apply(this, parts);
  return device;
};

const getMappedRange = GPUBuffer.prototype.getMappedRange;
GPUBuffer.prototype.getMappedRange = function (...parts) {
  const range = getMappedRange.apply(this, parts);
  if (planned.faults.wrong && this.usage & GPUBufferUsage.MAP_READ) new Float32Array(range).fill(0.5);
  return range;
};

const popErrorScope = GPUDevice.prototype.popErrorScope;
GPUDevice.prototype.popErrorScope = async function () {
  const found = await popErrorScope.apply(this);
  return tooMuch ? new GPUOutOfMemoryError('out of memory') : found;
};

/** Whether a crop of 8-bit RGB among n begins in magenta. */
function poisonous(pixels: Uint8Array, n: number): boolean {
  const length = pixels.length / n;
  return Array.from({ length: n }, (_, i) => pixels.subarray(i * length, i * length + 3)).some(
    ([r = 0, g = 0, b = 0]) => r > 250 && g < 5 && b > 250,
  );
}

seeCalls((method, [pixels, n], event) => {
  if (method !== 'features' || !(pixels instanceof Uint8Array) || typeof n !== 'number') return;
  const { poison, loseAt, mostImages } = planned.faults;
  calls++;
  if (poison && poisonous(pixels, n)) fail(poison, event);
  tooMuch = mostImages !== undefined && n > mostImages;
  // The card is at work then: what it was asked for is awaited.
  if (calls === loseAt) setTimeout(() => device?.destroy());
});
