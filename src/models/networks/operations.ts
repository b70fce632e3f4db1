import { AppError } from '../../errors.ts';
import type { Activation, Affine, Convolution, Layer, Layers, Padding } from '../engines/layers.ts';
import { batchNormAffine, foldBefore, foldConvolution, foldLinear } from './fold.ts';
import { resamplePositions } from './positions.ts';

type Shape = readonly number[];
type Kernel = readonly [outputs: number, inputs: number, height: number, width: number];

/** Where a network's weights come from, by timm's names and in torch's layout. */
export interface WeightSource {
  shape(name: string): Shape | undefined;
  /** The elements in C order; owned by the caller. */
  read(name: string): Promise<Float32Array>;
}

/** A tensor of the weights. */
interface Parameter {
  readonly name: string;
  readonly shape: Shape;
}

type Read = (parameter: Parameter) => Promise<Float32Array>;

/** What all convolutions of a network agree on. */
export interface ConvolutionStyle {
  readonly padding: Padding;
  /** Batch norm's ε. */
  readonly epsilon: number;
}

export interface ConvolutionShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly activation?: Activation;
  /** One filter a channel; `inputs` equals `outputs`. */
  readonly depthwise?: boolean;
}

/** Squeeze-and-excitation behind a convolution. */
export interface Squeeze {
  readonly name: string;
  /** Channels between its two layers. */
  readonly reduced: number;
  readonly activation: 'relu' | 'silu';
  readonly gate: 'sigmoid' | 'hard-sigmoid';
}

/** The layer norm before a branch, by the name of its weights. */
export interface Norm {
  readonly name: string;
  readonly epsilon: number;
}

export interface AttentionBranch {
  readonly name: string;
  readonly norm: Norm;
  readonly width: number;
  readonly heads: number;
  /** Whether queries, keys and values have a bias. */
  readonly bias: boolean;
  /** How many of the first tokens ask; null for all. */
  readonly queries: number | null;
  /** Name of the layer scale on the branch, where it has one. */
  readonly scale: string | null;
}

export interface MlpBranch {
  readonly name: string;
  readonly norm: Norm;
  readonly width: number;
  readonly hidden: number;
  readonly activation: 'gelu' | 'quick-gelu';
  readonly scale: string | null;
  /** Weights are kept as those of 1 × 1 convolutions. */
  readonly convolutions?: boolean;
}

export interface PatchEmbedding {
  readonly name: string;
  readonly width: number;
  readonly patch: number;
  readonly bias: boolean;
  /** Patches along a side of the input, and of what the position embedding is for. */
  readonly grid: number;
  readonly trainedGrid: number;
  /** Names of the tokens that stand before the patches, with how many each is; positions for the first `positioned` of them. */
  readonly prefix: readonly { readonly name: string; readonly count: number }[];
  readonly positioned: number;
}

/** QuickGELU (Hendrycks & Gimpel 2016) is x · σ(1.702 x). */
const QUICK = 1.702;

/**
 * What networks are written in. Every method declares a layer, its weights by timm's names; `load` then reads these one
 * after the other, folds batch norms, layer norms and scales into their neighbours, and lets the engine make the layers.
 * Nothing is computed before. Declared alone, a network says which tensors it reads (`tensors`).
 */
export class Operations<T> {
  /** Shape of every tensor of the weights that the network reads, in its order. */
  readonly tensors = new Map<string, Shape>();
  readonly #pending: ((read: Read, layers: Layers<T>) => Promise<void>)[] = [];
  #engine: Layers<T> | null = null;

  /**
   * Makes the declared layers on an engine. Keeps no copy of what it reads.
   * @throws AppError 'weights-mismatch' with the tensor, the expected and the found shape, and what `source` throws.
   */
  async load(source: WeightSource, layers: Layers<T>): Promise<void> {
    const read: Read = async ({ name, shape }) => {
      const found = source.shape(name);
      if (String(found) !== String(shape)) {
        const instead = found ? `has the shape [${found.join(', ')}]` : 'is missing';
        const message = `These weights do not fit the network: the tensor "${name}" ${instead}, expected [${shape.join(', ')}].`;
        throw new AppError('weights-mismatch', message);
      }
      return source.read(name);
    };
    this.#engine = layers;
    for (const make of this.#pending.splice(0)) await make(read, layers);
  }

  /** A convolution without bias, its batch norm and its activation (timm's `ConvNormAct`). `names` are the weights' of both. */
  convBnAct(names: readonly [name: string, norm: string], shape: ConvolutionShape, style: ConvolutionStyle): Layer<T> {
    const folded = this.#convBnAct(names, shape, style);
    return this.#layer(async (read, layers) => layers.convolution(await folded(read)));
  }

  /** A convolution with its own bias, and the layer norm before it where it has one (which must pad nothing then). */
  convolution(name: string, shape: ConvolutionShape, padding: Padding, norm: Norm | null = null): Layer<T> {
    const { inputs, outputs, kernel, stride = 1, activation = 'linear', depthwise = false } = shape;
    const kept: Kernel = [outputs, depthwise ? 1 : inputs, kernel, kernel];
    const weight = this.#parameter(`${name}.weight`, kept);
    const ownBias = this.#parameter(`${name}.bias`, [outputs]);
    const before = norm && this.#norm(norm, inputs);
    return this.#layer(async (read, layers) => {
      const values = await read(weight);
      const affine = await before?.(read);
      const raw = await read(ownBias);
      const bias = affine ? foldBefore(values, raw, affine, kernel * kernel) : raw;
      const filter = foldConvolution(values, kept, null);
      const convolve = await layers.convolution({
        ...{ filter, bias, inputs, outputs, kernel, stride, padding, depthwise, activation },
      });
      if (!norm) return convolve;
      const normalise = await layers.layerNorm({ width: inputs, epsilon: norm.epsilon, affine: null });
      return (x) => convolve(normalise(x));
    });
  }

  /** `convBnAct`, and behind it timm's `SqueezeExcite`. */
  convBnActSqueeze(
    names: readonly [name: string, norm: string],
    shape: ConvolutionShape,
    style: ConvolutionStyle,
    { name, reduced, activation, gate }: Squeeze,
  ): Layer<T> {
    const folded = this.#convBnAct(names, shape, style);
    const reduce = this.#linear(`${name}.conv_reduce`, shape.outputs, reduced, { asConvolution: true });
    const expand = this.#linear(`${name}.conv_expand`, reduced, shape.outputs, { asConvolution: true });
    return this.#layer(async (read, layers) => {
      const convolution = await folded(read);
      const first = await reduce(read);
      const second = await expand(read);
      // A hard gate is (x + 3) / 6, clipped to 0 … 1.
      const hard = gate === 'hard-sigmoid';
      const scaled = foldLinear(second.weight, second.bias, { factor: hard ? 1 / 6 : 1 });
      return layers.squeezeExcite({
        convolution,
        reduce: { ...foldLinear(first.weight, first.bias, {}), activation },
        expand: { ...scaled, bias: hard ? scaled.bias.map((x) => x + 0.5) : scaled.bias, activation: 'linear' },
        gate: hard ? 'clip' : 'sigmoid',
      });
    });
  }

  layerNorm(norm: Norm, width: number): Layer<T> {
    const affine = this.#norm(norm, width);
    return this.#layer(async (read, layers) =>
      layers.layerNorm({ width, epsilon: norm.epsilon, affine: await affine(read) }),
    );
  }

  /** Norm, multi-head attention (Vaswani et al. 2017, §3.2; timm's `Attention`) and layer scale, added to the residual. */
  attention({ name, norm, width, heads, bias: biased, queries, scale }: AttentionBranch): Layer<T> {
    const affine = this.#norm(norm, width);
    const qkv = this.#linear(`${name}.qkv`, width, 3 * width, { biased });
    const output = this.#linear(`${name}.proj`, width, width);
    const gamma = scale === null ? null : this.#parameter(scale, [width]);
    return this.#layer(async (read, layers) => {
      const before = await affine(read);
      const normalise = await layers.layerNorm({ width, epsilon: norm.epsilon, affine: null });
      const { weight, bias } = await qkv(read);
      // The scores' 1 / √depth lies in the queries.
      const factor = new Float64Array(3 * width).fill(1).fill(1 / Math.sqrt(width / heads), 0, width);
      const gather = await layers.attention({
        qkv: { ...foldLinear(weight, bias, { before, factor }), activation: 'linear' },
        ...{ width, heads, queries },
      });
      const project = await layers.linear(await this.#scaled(read, await output(read), gamma));
      return (x, residual) => project(gather(normalise(x)), residual);
    });
  }

  /** Norm, linear, activation, linear and layer scale, added to the residual. */
  mlp({ name, norm, width, hidden, activation, scale, convolutions = false }: MlpBranch): Layer<T> {
    const affine = this.#norm(norm, width);
    const widen = this.#linear(`${name}.fc1`, width, hidden, { asConvolution: convolutions });
    const narrow = this.#linear(`${name}.fc2`, hidden, width, { asConvolution: convolutions });
    const gamma = scale === null ? null : this.#parameter(scale, [width]);
    return this.#layer(async (read, layers) => {
      const before = await affine(read);
      const normalise = await layers.layerNorm({ width, epsilon: norm.epsilon, affine: null });
      const { weight, bias } = await widen(read);
      // x · σ(1.702 x) = silu(1.702 x) / 1.702
      const quick = activation === 'quick-gelu';
      const first = await layers.linear({
        ...foldLinear(weight, bias, { before, factor: quick ? QUICK : 1 }),
        activation: quick ? 'silu' : 'gelu',
      });
      const second = await layers.linear(await this.#scaled(read, await narrow(read), gamma, quick ? 1 / QUICK : 1));
      return (x, residual) => second(first(normalise(x)), residual);
    });
  }

  /** Norm, then what one learnt query gathers from all tokens (timm's `AttentionPoolLatent`, without its MLP). */
  attentionPool(name: string, norm: Norm, width: number, heads: number): Layer<T> {
    const affine = this.#norm(norm, width);
    const latent = this.#parameter(`${name}.latent`, [1, 1, width]);
    const query = this.#linear(`${name}.q`, width, width);
    const keysAndValues = this.#linear(`${name}.kv`, width, 2 * width);
    const output = this.#linear(`${name}.proj`, width, width);
    return this.#layer(async (read, layers) => {
      const before = await affine(read);
      const normalise = await layers.layerNorm({ width, epsilon: norm.epsilon, affine: null });
      const asked = askedOf(await read(latent), await query(read), heads);
      const { weight, bias } = await keysAndValues(read);
      const scores = scoresOf(asked, weight.subarray(0, width * width), bias.subarray(0, width), heads);
      const gather = await layers.attentionPool({
        scores: { ...foldLinear(scores.weight, scores.bias, { before }), activation: 'linear' },
        values: {
          ...foldLinear(weight.subarray(width * width), bias.subarray(width), { before }),
          activation: 'linear',
        },
        heads,
      });
      const project = await layers.linear(await this.#scaled(read, await output(read), null));
      return (x) => project(gather(normalise(x)));
    });
  }

  /** Patches as tokens with their positions, resampled where the input has another size; behind the tokens of the prefix. */
  patchEmbedding({ name, width, patch, bias, grid, trainedGrid, prefix, positioned }: PatchEmbedding): Layer<T> {
    const before = prefix.map(({ name: token, count }) => this.#parameter(token, [1, count, width]));
    const kept: Kernel = [width, 3, patch, patch];
    const weight = this.#parameter(`${name}.proj.weight`, kept);
    const ownBias = bias ? this.#parameter(`${name}.proj.bias`, [width]) : null;
    const embedding = this.#parameter('pos_embed', [1, positioned + trainedGrid * trainedGrid, width]);
    return this.#layer(async (read, layers) => {
      const embed = await layers.convolution({
        filter: foldConvolution(await read(weight), kept, null),
        bias: ownBias ? await read(ownBias) : new Float32Array(width),
        ...{ inputs: 3, outputs: width, kernel: patch, stride: patch, padding: 'none', depthwise: false },
        activation: 'linear',
      });
      const positions = await read(embedding);
      const tokens: number[] = [];
      for (const parameter of before) tokens.push(...(await read(parameter)));
      const placed = Float32Array.from(
        tokens,
        (value, i) => value + (i < positioned * width ? (positions[i] ?? 0) : 0),
      );
      const places = resamplePositions(positions.subarray(positioned * width), trainedGrid, grid, width);
      const place = await layers.tokens({ prefix: placed, positions: places, width });
      return (x) => place(embed(x));
    });
  }

  /** Means over height and width. */
  meanPool(): Layer<T> {
    return (x) => this.#loaded().meanPool(x);
  }

  maxPool(kernel: number, stride: number): Layer<T> {
    return (x) => this.#loaded().maxPool(x, kernel, stride);
  }

  firstTokens(count: number): Layer<T> {
    return (x) => this.#loaded().firstTokens(x, count);
  }

  /** The mean of each image's tokens from the one numbered `begin` on, [N, T, width] → [N, 1, width]. */
  meanToken(begin: number): Layer<T> {
    return (x) => this.#loaded().meanToken(x, begin);
  }

  /** What `layer` gives, activation included, added to its input. */
  residual(layer: Layer<T>): Layer<T> {
    return (x) => this.#loaded().add(layer(x), x);
  }

  /** Layers one after the other; what lies between two is freed at once. A residual is the last one's. */
  sequence(layers: readonly Layer<T>[]): Layer<T> {
    return (x, residual) => {
      const last = layers.length - 1;
      const added = residual ? layers.map((layer, i) => (i === last ? (y: T) => layer(y, residual) : layer)) : layers;
      return this.#loaded().sequence(x, added);
    };
  }

  /** The same for the layers of a whole network: the engine tells of each that is computed. */
  network(layers: readonly Layer<T>[]): Layer<T> {
    return (x) => this.#loaded().sequence(x, layers, true);
  }

  #loaded(): Layers<T> {
    if (!this.#engine) throw new AppError('internal', 'The network is not loaded.');
    return this.#engine;
  }

  #parameter(name: string, shape: Shape): Parameter {
    this.tensors.set(name, shape);
    return { name, shape };
  }

  #layer(make: (read: Read, layers: Layers<T>) => Promise<Layer<T>>): Layer<T> {
    let made: Layer<T> | null = null;
    this.#pending.push(async (read, layers) => {
      made = await make(read, layers);
    });
    return (x, residual) => {
      if (!made) throw new AppError('internal', 'The network is not loaded.');
      return made(x, residual);
    };
  }

  #norm({ name }: Norm, width: number): (read: Read) => Promise<Affine> {
    const [weight, bias] = [this.#parameter(`${name}.weight`, [width]), this.#parameter(`${name}.bias`, [width])];
    return async (read) => ({
      scale: Float64Array.from(await read(weight)),
      shift: Float64Array.from(await read(bias)),
    });
  }

  #convBnAct(
    names: readonly [name: string, norm: string],
    shape: ConvolutionShape,
    { padding, epsilon }: ConvolutionStyle,
  ): (read: Read) => Promise<Convolution> {
    const { inputs, outputs, kernel, stride = 1, activation = 'linear', depthwise = false } = shape;
    const kept: Kernel = [outputs, depthwise ? 1 : inputs, kernel, kernel];
    const weight = this.#parameter(`${names[0]}.weight`, kept);
    const norm = this.#batchNorm(names[1], outputs, epsilon);
    return async (read) => {
      const values = await read(weight);
      const { scale, shift } = await norm(read);
      const filter = foldConvolution(values, kept, scale);
      const bias = Float32Array.from(shift);
      return { filter, bias, inputs, outputs, kernel, stride, padding, depthwise, activation };
    };
  }

  #batchNorm(name: string, channels: number, epsilon: number): (read: Read) => Promise<Affine> {
    const parts = ['weight', 'bias', 'running_mean', 'running_var'] as const;
    const [gamma, beta, mean, variance] = parts.map((part) => this.#parameter(`${name}.${part}`, [channels]));
    return async (read) => {
      const of = async (parameter: Parameter | undefined) => (parameter ? read(parameter) : new Float32Array());
      return batchNormAffine(await of(gamma), await of(beta), await of(mean), await of(variance), epsilon);
    };
  }

  #linear(
    name: string,
    inputs: number,
    outputs: number,
    { asConvolution = false, biased = true }: { readonly asConvolution?: boolean; readonly biased?: boolean } = {},
  ): (read: Read) => Promise<{ weight: Float32Array; bias: Float32Array }> {
    const weight = this.#parameter(`${name}.weight`, asConvolution ? [outputs, inputs, 1, 1] : [outputs, inputs]);
    const bias = biased ? this.#parameter(`${name}.bias`, [outputs]) : null;
    return async (read) => ({ weight: await read(weight), bias: bias ? await read(bias) : new Float32Array(outputs) });
  }

  async #scaled(
    read: Read,
    { weight, bias }: { readonly weight: Float32Array; readonly bias: Float32Array },
    gamma: Parameter | null,
    inputs = 1,
  ) {
    const width = weight.length / bias.length;
    const before =
      inputs === 1 ? {} : { before: { scale: new Float64Array(width).fill(inputs), shift: new Float64Array(width) } };
    const after = gamma ? { factor: Float64Array.from(await read(gamma)) } : {};
    return { ...foldLinear(weight, bias, { ...before, ...after }), activation: 'linear' as const };
  }
}

/** The query that a latent token asks, divided by √depth. */
function askedOf(
  latent: Float32Array,
  { weight, bias }: { readonly weight: Float32Array; readonly bias: Float32Array },
  heads: number,
): Float64Array {
  const width = bias.length;
  return Float64Array.from(bias, (offset, o) => {
    const row = weight.subarray(o * width, (o + 1) * width);
    return row.reduce((sum, value, i) => sum + value * (latent[i] ?? 0), offset) / Math.sqrt(width / heads);
  });
}

/** A head's score of a token, q · (K x + b), is linear in the token: the layer [heads, width] that gives all heads'. */
function scoresOf(
  asked: Float64Array,
  keys: Float32Array,
  keyBias: Float32Array,
  heads: number,
): { weight: Float32Array; bias: Float32Array } {
  const width = keyBias.length;
  const depth = width / heads;
  const weight = new Float32Array(heads * width);
  const bias = new Float32Array(heads);
  for (let head = 0; head < heads; head++) {
    const sums = new Float64Array(width);
    let offset = 0;
    for (let j = head * depth; j < (head + 1) * depth; j++) {
      const q = asked[j] ?? 0;
      offset += q * (keyBias[j] ?? 0);
      for (let i = 0; i < width; i++) sums[i] = (sums[i] ?? 0) + q * (keys[j * width + i] ?? 0);
    }
    weight.set(sums, head * width);
    bias[head] = offset;
  }
  return { weight, bias };
}
