/** Layers as ONNX nodes, in the operations that PyTorch's exporter writes, batch norms folded as it folds them. */
import type { Activation, Convolution, Layers, Linear } from '../../../src/models/engines/layers.ts';
import type { Graph } from './graph.ts';

/** A value of the graph. Its shape counts channels last, as our engines have it, wherever they lie. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  readonly order: 'channels first' | 'channels last';
}

export function onnxLayers(graph: Graph): Layers<Value> {
  const last = (name: string, shape: readonly number[]): Value => ({ name, shape, order: 'channels last' });
  const first = (name: string, shape: readonly number[]): Value => ({ name, shape, order: 'channels first' });

  function ordered(x: Value, order: Value['order']): Value {
    if (x.order === order || x.shape.length !== 4) return x;
    const perm = order === 'channels last' ? [0, 2, 3, 1] : [0, 3, 1, 2];
    return { name: graph.node('Transpose', [x.name], { perm }), shape: x.shape, order };
  }

  function activated(name: string, activation: Activation): string {
    switch (activation) {
      case 'linear':
        return name;
      case 'relu':
        return graph.node('Relu', [name]);
      case 'silu':
        return graph.node('Mul', [name, graph.node('Sigmoid', [name])]);
      case 'hard-swish':
        return graph.node('HardSwish', [name]);
      case 'gelu': {
        // x · (1 + erf(x / √2)) / 2, which ONNX Runtime finds again and fuses.
        const erf = graph.node('Erf', [graph.node('Div', [name, graph.number(Math.SQRT2)])]);
        const product = graph.node('Mul', [name, graph.node('Add', [erf, graph.number(1)])]);
        return graph.node('Mul', [product, graph.number(0.5)]);
      }
    }
  }

  function finish(y: Value, residual: Value | undefined, activation: Activation): Value {
    const sum = residual ? add(y, residual) : y;
    return { ...sum, name: activated(sum.name, activation) };
  }

  function add(x: Value, y: Value): Value {
    return { ...y, name: graph.node('Add', [ordered(x, y.order).name, y.name]) };
  }

  function convolution({ filter, bias, inputs, outputs, kernel, stride, padding, depthwise, activation }: Convolution) {
    const own = depthwise ? 1 : inputs;
    const weight = graph.floats(channelsFirst(filter, kernel * kernel, own, outputs), [outputs, own, kernel, kernel]);
    const shift = graph.floats(bias, [outputs]);
    const around = padding === 'none' ? 0 : (kernel - 1) / 2;
    return (input: Value, residual?: Value): Value => {
      const x = ordered(input, 'channels first');
      const [images = 0, height = 0, width = 0] = x.shape;
      const side = (pixels: number) =>
        padding === 'same' ? Math.ceil(pixels / stride) : Math.floor((pixels + 2 * around - kernel) / stride) + 1;
      const y = graph.node('Conv', [x.name, weight, shift], {
        kernel_shape: [kernel, kernel],
        strides: [stride, stride],
        group: depthwise ? outputs : 1,
        ...(padding === 'same' ? { auto_pad: 'SAME_UPPER' } : { pads: [around, around, around, around] }),
      });
      return finish(first(y, [images, side(height), side(width), outputs]), residual, activation);
    };
  }

  function linear({ kernel, bias, activation }: Linear) {
    const outputs = bias.length;
    const weight = graph.floats(kernel, [kernel.length / outputs, outputs]);
    const shift = graph.floats(bias, [outputs]);
    return (input: Value, residual?: Value): Value => {
      const x = ordered(input, 'channels last');
      const y = graph.node('Add', [graph.node('MatMul', [x.name, weight]), shift]);
      return finish(last(y, [...x.shape.slice(0, -1), outputs]), residual, activation);
    };
  }

  function slice(x: string, axis: number, begin: number, end: number): string {
    return graph.node('Slice', [x, graph.integers([begin]), graph.integers([end]), graph.integers([axis])]);
  }

  const reshape = (x: string, shape: readonly number[]) => graph.node('Reshape', [x, graph.integers(shape)]);

  return {
    convolution: async (shape) => convolution(shape),
    linear: async (shape) => linear(shape),

    async layerNorm({ width, epsilon, affine }) {
      const scale = graph.floats(affine ? Float32Array.from(affine.scale) : new Float32Array(width).fill(1), [width]);
      const shift = graph.floats(affine ? Float32Array.from(affine.shift) : new Float32Array(width), [width]);
      return (input) => {
        const x = ordered(input, 'channels last');
        const attributes = { axis: -1, epsilon: { float: epsilon } };
        return { ...x, name: graph.node('LayerNormalization', [x.name, scale, shift], attributes) };
      };
    },

    async attention({ qkv, width, heads, queries }) {
      const project = linear(qkv);
      return (input) => {
        const [images = 0, tokens = 0] = input.shape;
        const asking = queries ?? tokens;
        const projected = project(input).name;
        const split = (part: number, count: number, perm: readonly number[]) => {
          const own = slice(projected, 2, part * width, (part + 1) * width);
          const some = count === tokens ? own : slice(own, 1, 0, count);
          return graph.node('Transpose', [reshape(some, [images, count, heads, width / heads])], { perm });
        };
        const products = graph.node('MatMul', [split(0, asking, [0, 2, 1, 3]), split(1, tokens, [0, 2, 3, 1])]);
        const weights = graph.node('Softmax', [products], { axis: -1 });
        const gathered = graph.node('MatMul', [weights, split(2, tokens, [0, 2, 1, 3])]);
        const together = graph.node('Transpose', [gathered], { perm: [0, 2, 1, 3] });
        return last(reshape(together, [images, asking, width]), [images, asking, width]);
      };
    },

    async attentionPool({ scores, values, heads }) {
      const [score, value] = [linear(scores), linear(values)];
      const width = values.bias.length;
      return (x) => {
        const [images = 0, tokens = 0] = x.shape;
        const byHead = (y: string, depth: number, perm: readonly number[]) =>
          graph.node('Transpose', [reshape(y, [images, tokens, heads, depth])], { perm });
        const weights = graph.node('Softmax', [byHead(score(x).name, 1, [0, 2, 3, 1])], { axis: -1 });
        const gathered = graph.node('MatMul', [weights, byHead(value(x).name, width / heads, [0, 2, 1, 3])]);
        return last(reshape(gathered, [images, 1, width]), [images, 1, width]);
      };
    },

    async squeezeExcite({ convolution: before, reduce, expand, gate }) {
      const convolve = convolution(before);
      const [inner, outer] = [asConvolution(reduce), asConvolution(expand)].map(convolution);
      return (input) => {
        const x = ordered(convolve(input), 'channels first');
        const [images = 0, , , channels = 0] = x.shape;
        const mean = first(graph.node('GlobalAveragePool', [x.name]), [images, 1, 1, channels]);
        if (!inner || !outer) throw new Error('Two layers were expected.');
        const gates = outer(inner(mean)).name;
        const scale =
          gate === 'sigmoid'
            ? graph.node('Sigmoid', [gates])
            : graph.node('Clip', [gates, graph.number(0), graph.number(1)]);
        return { ...x, name: graph.node('Mul', [x.name, scale]) };
      };
    },

    async tokens({ prefix, positions, width }) {
      const count = positions.length / width;
      const places = graph.floats(positions, [1, count, width]);
      return (x) => {
        const [images = 0] = x.shape;
        const rows = reshape(ordered(x, 'channels first').name, [images, width, count]);
        const placed = graph.node('Add', [graph.node('Transpose', [rows], { perm: [0, 2, 1] }), places]);
        if (prefix.length === 0) return last(placed, [images, count, width]);
        const before = prefix.length / width;
        const repeated = new Float32Array(images * prefix.length).map((_, i) => prefix[i % prefix.length] ?? 0);
        const all = graph.node('Concat', [graph.floats(repeated, [images, before, width]), placed], { axis: 1 });
        return last(all, [images, before + count, width]);
      };
    },

    meanPool(x) {
      const [images = 0, , , channels = 0] = x.shape;
      return first(graph.node('GlobalAveragePool', [ordered(x, 'channels first').name]), [images, 1, 1, channels]);
    },

    maxPool(input, kernel, stride) {
      const x = ordered(input, 'channels first');
      const [images = 0, height = 0, width = 0, channels = 0] = x.shape;
      const around = (kernel - 1) / 2;
      const side = (pixels: number) => Math.floor((pixels + 2 * around - kernel) / stride) + 1;
      const y = graph.node('MaxPool', [x.name], {
        kernel_shape: [kernel, kernel],
        strides: [stride, stride],
        pads: [around, around, around, around],
      });
      return first(y, [images, side(height), side(width), channels]);
    },

    meanToken(x, begin) {
      const [images = 0, tokens = 0, width = 0] = x.shape;
      const rows = graph.node('Transpose', [slice(x.name, 1, begin, tokens)], { perm: [0, 2, 1] });
      return last(reshape(graph.node('GlobalAveragePool', [rows]), [images, 1, width]), [images, 1, width]);
    },
    firstTokens: (x, count) => last(slice(x.name, 1, 0, count), [x.shape[0] ?? 0, count, x.shape[2] ?? 0]),
    add,
    sequence: (input, layers) => layers.reduce((x, layer) => layer(x), input),
  };
}

/** A filter [taps, inputs, outputs] as [outputs, inputs, taps]; a depthwise one counts as of one input. */
function channelsFirst(filter: Float32Array, taps: number, inputs: number, outputs: number): Float32Array {
  const turned = new Float32Array(filter.length);
  let from = 0;
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) turned[(o * inputs + i) * taps + tap] = filter[from++] ?? 0;
    }
  }
  return turned;
}

/** A layer of one pixel, as PyTorch has those of a squeeze-and-excitation. */
function asConvolution({ kernel, bias, activation }: Linear): Convolution {
  const outputs = bias.length;
  const inputs = kernel.length / outputs;
  const shape = { inputs, outputs, kernel: 1, stride: 1, padding: 'none', depthwise: false } as const;
  return { filter: kernel, bias, activation, ...shape };
}
