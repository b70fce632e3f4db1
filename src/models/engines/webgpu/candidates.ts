/**
 * Ways of computing on a graphics card that are right and not measured on one. Cards get none of them; the bench tries each
 * (`npm run bench -- --only webgpu --with each`), and what wins there is for all.
 */
export const CANDIDATES = [
  /** Products with bias, residual and activation in one dispatch, sums in registers: linear layers and 1 × 1 convolutions. */
  'fused-product',
  /** Other convolutions the same way by 4 × 4 sums, without a matrix of patches: an implicit product. */
  'fused-convolution',
  /** Products, and convolutions by the workgroup's tiles, with 4 × 4 sums in a thread in place of 8 × 8: more threads, each with less to keep. */
  'small-tiles',
  /** Both with tiles of inputs and weights in the workgroup's memory, as TensorFlow.js has them. */
  'workgroup-tiles',
  /** Weights of both as halves, two in a number: half of what a card reads of them. */
  'half-weights',
  /** Both multiply halves and add up to 16 products as halves, whole sums in single precision. What is beyond 65504 becomes infinite. */
  'half-precision',
  /** Depthwise convolutions with bias and activation in one dispatch. */
  'fused-depthwise',
  /** Squeeze-and-excitation in two dispatches: all gates of an image, and the product with them. */
  'squeeze-in-two',
  /**
   * Sums and peaks that threads share by instructions of the card: layer norm, attention, the reducing layer of
   * `squeeze-in-two`; the last two are right where a subgroup's threads follow each other.
   */
  'subgroups',
  /** Crops sent as bytes, a quarter of what numbers take, and normalised where they are unpacked: one dispatch for three. */
  'packed-crops',
  /** All pipelines compiled at once before the first batch, in place of one when it is first wanted. */
  'parallel-compilation',
  /** One submission a batch in place of one every 15 dispatches: nothing that lies between two layers is freed before. */
  'one-submission',
] as const;

export type Candidate = (typeof CANDIDATES)[number];

/** What the device must have for a candidate, beyond what TensorFlow.js asks for. Without it the device refuses the kernels. */
export const FEATURE_OF: Readonly<Partial<Record<Candidate, GPUFeatureName>>> = {
  'half-precision': 'shader-f16',
  subgroups: 'subgroups',
};

const chosen = new Set<Candidate>();

/** Networks are computed so from now on. What is loaded already may keep its weights as they were: load it again. */
export function chooseCandidates(candidates: Iterable<Candidate>): void {
  chosen.clear();
  for (const candidate of candidates) chosen.add(candidate);
}

export const uses = (candidate: Candidate): boolean => chosen.has(candidate);

export const candidatesInUse = (): readonly Candidate[] => [...chosen];
