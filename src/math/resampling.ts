/** Weights of a resize along one axis, as Pillow and torchvision (with antialiasing) compute them. */

interface Filter {
  /** Half the filter's width, in output samples when shrinking, in input samples when enlarging. */
  readonly support: number;
  weigh(x: number): number;
}

/** Keys 1981 with a = −0.5, the value that reproduces quadratics. */
const A = -0.5;

const FILTERS = {
  bilinear: { support: 1, weigh: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    weigh(signed) {
      const x = Math.abs(signed);
      if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
      if (x < 2) return (((x - 5) * x + 8) * x - 4) * A;
      return 0;
    },
  },
} as const satisfies Readonly<Record<string, Filter>>;

/** What one output sample is the weighted sum of. */
export interface ResampleTaps {
  /** First input sample. */
  readonly start: number;
  /** Weights of it and those after it; they sum to 1. */
  readonly weights: readonly number[];
}

/** The most input samples that count for one output sample. */
export function mostTaps(input: number, output: number, filter: keyof typeof FILTERS): number {
  return Math.ceil(FILTERS[filter].support * Math.max(1, input / output)) * 2 + 1;
}

/** Taps of sample `index` of a resize of `input` to `output` samples: the filter is stretched by the shrink factor. */
export function resampleTaps(input: number, output: number, index: number, filter: keyof typeof FILTERS): ResampleTaps {
  const { support: half, weigh } = FILTERS[filter];
  const scale = input / output;
  const stretch = Math.max(1, scale);
  const shrink = 1 / stretch;
  const support = half * stretch;
  const centre = (index + 0.5) * scale;
  const start = Math.max(0, Math.trunc(centre - support + 0.5));
  const end = Math.min(input, Math.trunc(centre + support + 0.5));
  const exact = Array.from({ length: end - start }, (_, k) => weigh((start + k - centre + 0.5) * shrink));
  const sum = exact.reduce((total, weight) => total + weight, 0);
  return { start, weights: exact.map((weight) => weight / sum) };
}
