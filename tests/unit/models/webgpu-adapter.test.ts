import { afterEach, expect, test, vi } from 'vitest';
import { probeWebgpu, webgpuLimits } from '../../../src/models/engines/webgpu/adapter.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function offer(requestAdapter: () => Promise<unknown>): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
}

const info = { description: '', vendor: 'nvidia', architecture: 'ampere', device: '', isFallbackAdapter: false };

test('a real adapter is named and there is no reason against it', async () => {
  offer(async () => ({ info }));
  expect(await probeWebgpu()).toEqual({ adapter: 'nvidia ampere', software: false, reason: null });
  offer(async () => ({ info: { ...info, description: 'Apple M2' } }));
  expect((await probeWebgpu()).adapter).toBe('Apple M2');
});

test.each([
  { ...info, isFallbackAdapter: true },
  { ...info, vendor: 'google', architecture: 'swiftshader', isFallbackAdapter: undefined },
  { ...info, vendor: 'microsoft', description: 'Microsoft Basic Render Driver' },
])('a program on the processor counts as software: %j', async (software) => {
  offer(async () => ({ info: software }));
  const probe = await probeWebgpu();
  expect(probe.software).toBe(true);
  expect(probe.reason).toContain(probe.adapter);
});

test.each([
  ['no WebGPU', () => vi.stubGlobal('navigator', {})],
  ['no navigator', () => vi.stubGlobal('navigator', undefined)],
  ['no adapter', () => offer(async () => null)],
  ['an error', () => offer(() => Promise.reject(new TypeError('blocked')))],
])('%s is a reason, not an error', async (_, arrange) => {
  arrange();
  const { adapter, software, reason } = await probeWebgpu();
  expect([adapter, software]).toEqual([null, false]);
  expect(reason).toMatch(/\w{3}/);
});

test('a browser that never answers is given up', async () => {
  vi.useFakeTimers();
  offer(() => new Promise(() => {}));
  const probe = probeWebgpu();
  const limits = webgpuLimits();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await probe).toEqual({
    adapter: null,
    software: false,
    reason: expect.stringMatching(/did not answer within 10 s/),
  });
  expect(await limits).toBeNull();
});
