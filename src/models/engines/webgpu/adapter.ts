/** Asks the browser for a graphics adapter. Loads no TensorFlow.js, so that the main thread may ask too. */

export interface WebgpuProbe {
  /** The adapter's name for people, as `Apple M2`; null where there is none. */
  readonly adapter: string | null;
  /** The adapter is a program on the processor: right, but far slower than WASM. */
  readonly software: boolean;
  /** A sentence that says why there is no adapter, or why it had better not be used; null for a real one. */
  readonly reason: string | null;
}

/** Programs that pass for a graphics adapter, for browsers that do not say `isFallbackAdapter`. */
const SOFTWARE_RENDERERS = /swiftshader|llvmpipe|lavapipe|basic render/i;

/** A graphics process that starts slowly answers within seconds; one that hangs, as with Mesa's software Vulkan, never does. */
const PATIENCE_MS = 10_000;

/** Never rejects, and never waits for ever: whatever goes wrong is a reason. Workers and the main thread get the same answer. */
export async function probeWebgpu(): Promise<WebgpuProbe> {
  // Undefined in browsers without WebGPU and on pages that are not secure, whatever the types say.
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (!gpu) return { adapter: null, software: false, reason: 'This browser offers no WebGPU here.' };
  let adapter: GPUAdapter | null | 'silent';
  try {
    adapter = await Promise.race([gpu.requestAdapter({ powerPreference: 'high-performance' }), silence()]);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { adapter: null, software: false, reason: `The browser refused a graphics adapter: ${detail}` };
  }
  if (adapter === 'silent') {
    const seconds = PATIENCE_MS / 1000;
    return {
      adapter: null,
      software: false,
      reason: `The browser was asked for a graphics adapter and did not answer within ${seconds} s.`,
    };
  }
  if (!adapter) return { adapter: null, software: false, reason: 'The browser found no graphics adapter for WebGPU.' };
  const name = adapterName(adapter.info);
  const software = adapter.info.isFallbackAdapter || SOFTWARE_RENDERERS.test(name);
  const reason = software ? `The graphics adapter (${name}) is a program on the processor, slower than WASM.` : null;
  return { adapter: name, software, reason };
}

/** What the adapter allows, for the diagnostic report; null where there is none. Never rejects. */
export async function webgpuLimits(): Promise<Readonly<Record<string, number>> | null> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  const adapter = await Promise.race([gpu?.requestAdapter({ powerPreference: 'high-performance' }), silence()]).catch(
    () => null,
  );
  if (!adapter || adapter === 'silent') return null;
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeInvocationsPerWorkgroup } = adapter.limits;
  return { maxBufferSize, maxStorageBufferBindingSize, maxComputeInvocationsPerWorkgroup };
}

function silence(): Promise<'silent'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('silent'), PATIENCE_MS);
  });
}

/** `Apple M2`, else what the browser reveals, as `nvidia ampere`. */
function adapterName({ description, vendor, architecture, device }: GPUAdapterInfo): string {
  const parts = [vendor, architecture, device].filter((part) => part !== '');
  return description || parts.join(' ') || 'unnamed adapter';
}
