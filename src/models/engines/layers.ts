/** What an engine computes: layers made of weights that are read and folded already. `T` is its tensor. */

export type Activation = 'linear' | 'relu' | 'silu' | 'gelu' | 'hard-swish';

/** A new tensor of x, which stays the caller's; `residual`, of the result's shape, is added before the activation. */
export type Layer<T> = (x: T, residual?: T) => T;

/** Evenly on both sides, as TensorFlow does ('same': at stride 2 the odd pixel right and below), or not at all. */
export type Padding = 'symmetric' | 'same' | 'none';

/** On images [N, H, W, inputs]. */
export interface Convolution {
  /** [kernel, kernel, inputs, outputs]; depthwise, where every channel has a filter of its own, [kernel, kernel, inputs, 1]. */
  readonly filter: Float32Array;
  readonly bias: Float32Array;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
  readonly depthwise: boolean;
  readonly activation: Activation;
}

/** On the last dimension of tensors of any rank. */
export interface Linear {
  /** [inputs, outputs] */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  readonly activation: Activation;
}

/** x ↦ scale · x + shift of each channel. */
export interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** Layer norm (Ba et al. 2016) over the last dimension. */
export interface LayerNorm {
  readonly width: number;
  readonly epsilon: number;
  /** Null where it is folded into the layer behind. */
  readonly affine: Affine | null;
}

/** Multi-head attention (Vaswani et al. 2017, §3.2) up to its output projection, on tokens [N, T, width]. */
export interface Attention {
  /** To queries, already divided by √depth, keys and values: [width, 3 · width]. */
  readonly qkv: Linear;
  readonly width: number;
  readonly heads: number;
  /** How many of the first tokens ask; null for all. The result is [N, queries, width]. */
  readonly queries: number | null;
}

/** The same with one query that is the same for all images, on tokens [N, T, width]; the result is [N, 1, width]. */
export interface AttentionPool {
  /** To every head's score: [width, heads]. */
  readonly scores: Linear;
  /** [width, width], head by head in its outputs. */
  readonly values: Linear;
  readonly heads: number;
}

/** Squeeze-and-excitation (Hu et al. 2018) behind a convolution: every channel is scaled by what the means of all say. */
export interface SqueezeExcite {
  /** Engines take the means while they compute it. */
  readonly convolution: Convolution;
  readonly reduce: Linear;
  /** With the gate's own slope folded in, where the gate is hard: it then only clips to 0 … 1. */
  readonly expand: Linear;
  readonly gate: 'sigmoid' | 'clip';
}

/** Tokens [N, prefix + G · G, width] of patches [N, G, G, width]. */
export interface Tokens {
  /** Tokens that stand before the patches, a row each. */
  readonly prefix: Float32Array;
  /** Position embeddings of the patches, row by row. */
  readonly positions: Float32Array;
  readonly width: number;
}

/** Makes layers for one engine. What they are made of lives until the network is disposed of; the arrays are not kept. */
export interface Layers<T> {
  convolution(convolution: Convolution): Promise<Layer<T>>;
  linear(linear: Linear): Promise<Layer<T>>;
  layerNorm(norm: LayerNorm): Promise<Layer<T>>;
  attention(attention: Attention): Promise<Layer<T>>;
  attentionPool(pool: AttentionPool): Promise<Layer<T>>;
  squeezeExcite(squeeze: SqueezeExcite): Promise<Layer<T>>;
  tokens(tokens: Tokens): Promise<Layer<T>>;
  /** Means over height and width, [N, H, W, C] → [N, 1, 1, C]. */
  meanPool(x: T): T;
  /** Highest values of squares of `kernel`, padded by half of it on each side. */
  maxPool(x: T, kernel: number, stride: number): T;
  /** The first tokens of each image. */
  firstTokens(x: T, count: number): T;
  /** The mean of each image's tokens from the one numbered `begin` on, [N, T, D] → [N, 1, D]. */
  meanToken(x: T, begin: number): T;
  add(x: T, y: T): T;
  /** Layers one after the other; what lies between two is freed at once. `told` hears of each that is computed. */
  sequence(x: T, layers: readonly Layer<T>[], told?: boolean): T;
}
