import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { beforeAll, expect, test, vi } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { openEngine } from '../../../src/models/engines/engine.ts';
import { networkTensors } from '../../../src/models/engines/tensors.ts';
import { testedWebgpuKernels, webgpuKernels } from '../../../src/models/engines/webgpu/kernels.ts';
import { layersInUse } from '../../../src/models/extractor.ts';
import { Operations } from '../../../src/models/networks/operations.ts';
import { relativeError } from './parity.ts';

const random = seededRandom(6);
const numbers = (length: number, scale = 1) => Float32Array.from({ length }, () => scale * random.gaussian());

beforeAll(async () => {
  await openEngine('webgpu');
});

const tested = async () => {
  const before = tf.memory().numTensors;
  await testedWebgpuKernels(192);
  expect(tf.memory().numTensors).toBe(before);
  return webgpuKernels() !== null;
};

test('a card keeps the kernels where they compute right', async () => {
  expect(await tested()).toBe(true);
  expect(await tested()).toBe(true);
});

test.each(['LikenessGelu', 'LikenessLayerNorm', 'LikenessAttention'])(
  'it loses them where %s is wrong',
  async (name) => {
    await whileWrong(name, async () => {
      expect(await tested()).toBe(false);
    });
    expect(await tested()).toBe(true);
  },
);

test('it attends without them too', async () => {
  const before = tf.memory().numTensors;
  const shapes: Readonly<Record<string, number[]>> = {
    'n.weight': [192],
    'n.bias': [192],
    'a.qkv.weight': [576, 192],
    'a.qkv.bias': [576],
    'a.proj.weight': [192, 192],
    'a.proj.bias': [192],
  };
  const weights = new Map(
    Object.entries(shapes).map(([name, shape]) => [name, numbers(tf.util.sizeFromShape(shape), 0.2)]),
  );
  const x = tf.tensor3d(numbers(2 * 9 * 192), [2, 9, 192]);
  const gathered = async () => {
    const net = new Operations<tf.Tensor>();
    const norm = { name: 'n', epsilon: 1e-6 };
    const shape = { width: 192, heads: 3, bias: true, queries: null };
    const attend = net.attention({ name: 'a', norm, ...shape, scale: null });
    const tensors = networkTensors();
    const read = async (name: string) => weights.get(name) ?? new Float32Array();
    await net.load(
      { shape: (name) => shapes[name], read },
      layersInUse(tensors, () => {}),
    );
    const output = tf.tidy(() => attend(x, x));
    const found = Float32Array.from(await output.data());
    output.dispose();
    tensors.dispose();
    return found;
  };
  const ours = await gathered();
  await whileWrong('LikenessAttention', async () => {
    expect(await tested()).toBe(false);
    expect(relativeError(await gathered(), ours)).toBeLessThan(1e-5);
  });
  x.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('it loses them where it refuses the work, and the refusal is nobody else’s', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const engine = await openEngine('webgpu');
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error('Not on WebGPU.');
  const { device } = backend;
  const createBindGroup = device.createBindGroup.bind(device);
  const refusing = vi.spyOn(device, 'createBindGroup').mockImplementation((descriptor) => {
    device.createBuffer({ size: 16, usage: 0 });
    return createBindGroup(descriptor);
  });
  try {
    expect(await engine.checked(tested)).toBe(false);
  } finally {
    refusing.mockRestore();
    warned.mockRestore();
  }
  await openEngine('webgpu');
  expect(webgpuKernels()).not.toBeNull();
});

/** Puts a driver in place that forgets a kernel's last number. */
async function whileWrong(name: string, run: () => Promise<void>): Promise<void> {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const kernel = tf.getKernel(name, 'webgpu');
  tf.unregisterKernel(name, 'webgpu');
  tf.registerKernel({
    ...kernel,
    kernelFunc: (call) => {
      const info = kernel.kernelFunc(call);
      if (Array.isArray(info)) throw new Error('One tensor was expected.');
      const right = tf.engine().makeTensorFromTensorInfo(info);
      return tf.mul(right, tf.concat1d([tf.ones([right.size - 1]), tf.zeros([1])]).reshape(right.shape));
    },
  });
  try {
    await openEngine('webgpu');
    await run();
    expect(warned).toHaveBeenCalledOnce();
  } finally {
    tf.unregisterKernel(name, 'webgpu');
    tf.registerKernel(kernel);
    warned.mockRestore();
  }
  await openEngine('webgpu');
}
