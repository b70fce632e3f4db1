/**
 * Runs `open`, which opens the engine, so that its device has these features too where the adapter has them. TensorFlow.js
 * asks for a device without them, and takes no directives of the shading language: programs of such a device may have them
 * anywhere. One call at a time. Rejects as `open` does. The app asks for none: no candidate that wants one is measured on a card.
 */
export async function withFeatures<R>(features: readonly GPUFeatureName[], open: () => Promise<R>): Promise<R> {
  const { prototype } = GPUAdapter;
  const { requestDevice } = prototype;
  prototype.requestDevice = async function (descriptor = {}) {
    const found = features.filter((feature) => this.features.has(feature));
    const requiredFeatures = [...(descriptor.requiredFeatures ?? []), ...found];
    const device: GPUDevice = await Reflect.apply(requestDevice, this, [{ ...descriptor, requiredFeatures }]);
    const createShaderModule = device.createShaderModule.bind(device);
    device.createShaderModule = (text) => createShaderModule({ ...text, code: directivesFirst(text.code) });
    return device;
  };
  try {
    return await open();
  } finally {
    prototype.requestDevice = requestDevice;
  }
}

const DIRECTIVE = /(?<=^|;)[ \t]*(?:enable|diagnostic)\b[^;{]*;/gm;

/** WGSL wants directives before all else. */
export function directivesFirst(code: string): string {
  const directives = new Set(Array.from(code.matchAll(DIRECTIVE), ([found]) => found.trim()));
  return [...directives, code.replace(DIRECTIVE, '')].join('\n');
}
