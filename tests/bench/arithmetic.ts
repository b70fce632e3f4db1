/** What a forward pass takes, counted from its shapes: our networks on an engine that only counts. */
import type { Convolution, Layers, Linear } from '../../src/models/engines/layers.ts';
import { geometry } from '../../src/models/engines/wasm/taps.ts';
import { declareNetwork } from '../../src/models/networks/network.ts';
import { Operations, type WeightSource } from '../../src/models/networks/operations.ts';
import { ARCHITECTURES } from '../../src/models/specs/architectures.ts';
import type { ArchitectureName } from '../../src/types.ts';

/** Images first, channels last. */
type Shape = readonly number[];

/** What one image takes. */
export interface Arithmetic {
  /** Multiply-adds of convolutions, products and attention. */
  readonly multiplyAdds: number;
  /** … of them in 3 × 3 convolutions of stride 1, which Winograd's way needs a quarter of. */
  readonly winograd: number;
  /** … and in depthwise convolutions. */
  readonly depthwise: number;
}

/** Counts a network for images of its usual size. `source` gives its weights, of which only the shapes matter. */
export async function arithmeticOf(architecture: ArchitectureName, source: WeightSource): Promise<Arithmetic> {
  const { network, preprocessing } = ARCHITECTURES[architecture];
  const counted = { multiplyAdds: 0, winograd: 0, depthwise: 0 };
  const net = new Operations<Shape>();
  const forward = declareNetwork(net, network, preprocessing.size);
  await net.load(source, countingLayers(counted));
  forward([1, preprocessing.size, preprocessing.size, 3]);
  return counted;
}

function countingLayers(counted: { -readonly [K in keyof Arithmetic]: number }): Layers<Shape> {
  const size = (shape: Shape) => shape.reduce((product, side) => product * side, 1);

  const linear = ({ kernel, bias }: Pick<Linear, 'kernel' | 'bias'>) => {
    const [inputs, outputs] = [kernel.length / bias.length, bias.length];
    return (x: Shape): Shape => {
      counted.multiplyAdds += size(x) * outputs;
      if (size(x) % inputs !== 0) throw new Error(`Rows of ${inputs} were expected.`);
      return [...x.slice(0, -1), outputs];
    };
  };

  const convolution = ({ inputs, outputs, kernel, stride, padding, depthwise }: Convolution) => {
    return ([images = 0, height = 0, width = 0]: Shape): Shape => {
      const { outHeight, outWidth } = geometry({ height, width, channels: inputs, kernel, stride, padding });
      const outputsOf = images * outHeight * outWidth * outputs;
      const products = outputsOf * kernel * kernel * (depthwise ? 1 : inputs);
      counted.multiplyAdds += products;
      if (depthwise) counted.depthwise += products;
      else if (kernel === 3 && stride === 1) counted.winograd += products;
      return [images, outHeight, outWidth, outputs];
    };
  };

  return {
    convolution: async (shape) => convolution(shape),
    linear: async (shape) => linear(shape),
    layerNorm: async () => (x) => x,
    async attention({ qkv, width, queries }) {
      const project = linear(qkv);
      return (x) => {
        const [images = 0, tokens = 0] = project(x);
        const asking = queries ?? tokens;
        counted.multiplyAdds += 2 * images * asking * tokens * width;
        return [images, asking, width];
      };
    },
    async attentionPool({ scores, values, heads }) {
      const [score, width] = [linear(scores), values.bias.length];
      return (x) => {
        const [images = 0, tokens = 0] = score(x);
        counted.multiplyAdds += images * heads * tokens * width + images * width * width;
        return [images, 1, width];
      };
    },
    async squeezeExcite({ convolution: before, reduce, expand }) {
      const [convolve, first, second] = [convolution(before), linear(reduce), linear(expand)];
      return (x) => {
        const y = convolve(x);
        second(first([y[0] ?? 0, y[3] ?? 0]));
        return y;
      };
    },
    async tokens({ prefix, positions, width }) {
      return ([images = 0]) => [images, (prefix.length + positions.length) / width, width];
    },
    meanPool: ([images = 0, , , channels = 0]) => [images, 1, 1, channels],
    maxPool([images = 0, height = 0, width = 0, channels = 0], kernel, stride) {
      const { outHeight, outWidth } = geometry({ height, width, channels, kernel, stride, padding: 'symmetric' });
      return [images, outHeight, outWidth, channels];
    },
    firstTokens: ([images = 0, , width = 0], count) => [images, count, width],
    meanToken: ([images = 0, , width = 0]) => [images, 1, width],
    add: (x) => x,
    sequence: (x, layers) => layers.reduce((y, layer) => layer(y), x),
  };
}
