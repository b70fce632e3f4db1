/** A stream of pseudo-random numbers that its seed determines, on every machine. */
export interface Random {
  /** Uniform in [0, 1), with 32 random bits. */
  uniform(): number;
  /** Uniform integer in [0, n), n at most 2³². */
  below(n: number): number;
  /** Fills `out` with uniform integers in [0, n), those that as many calls of below(n) give, in a third of the time. */
  fillBelow(out: Uint32Array, n: number): void;
  /** Standard normal. */
  gaussian(): number;
  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<T extends { [index: number]: unknown; readonly length: number }>(items: T): T;
}

/**
 * xoshiro128** (Blackman & Vigna 2018), its state filled by splitmix32 from `seed`. Give each purpose of one seed
 * (initialisation, epoch 7's order …) its own `stream`, so that adding one does not shift the others.
 */
export function seededRandom(seed: number, stream = 0): Random {
  const fill = splitmix32(splitmix32(seed)() ^ stream);
  let a = fill();
  let b = fill();
  let c = fill();
  let d = fill();
  let spare: number | null = null;

  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
  const uniform = () => next() / 2 ** 32;
  const below = (n: number) => Math.floor(uniform() * n);

  return {
    uniform,
    below,
    fillBelow(out, n) {
      const share = n / 2 ** 32;
      // What a closure keeps is slower to change than what a function does.
      let [p, q, r, s] = [a | 0, b | 0, c | 0, d | 0];
      for (let i = 0; i < out.length; i++) {
        out[i] = (Math.imul(rotate(Math.imul(q, 5), 7), 9) >>> 0) * share;
        const shifted = q << 9;
        r ^= p;
        s ^= q;
        q ^= r;
        p ^= s;
        r ^= shifted;
        s = rotate(s, 11);
      }
      [a, b, c, d] = [p, q, r, s];
    },
    gaussian() {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      // Box–Muller; 1 − u keeps the logarithm's argument above 0.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = below(i + 1);
        const item = items[i];
        items[i] = items[j];
        items[j] = item;
      }
      return items;
    },
  };
}

/** splitmix32: the 32-bit sibling of splitmix64 with the finaliser of MurmurHash3. Spreads neighbouring seeds apart. */
function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/**
 * Positions of a seeded sample of `size` out of `strata.length` things, ascending: each stratum gives its share, rounded
 * up or down by chance. All positions where there are no more than `size`.
 */
export function stratifiedSample(strata: readonly string[], size: number, seed: number): Int32Array<ArrayBuffer> {
  if (strata.length <= size) return Int32Array.from(strata.keys());
  const random = seededRandom(seed);
  const members = new Map<string, number[]>();
  strata.forEach((stratum, position) => {
    const known = members.get(stratum);
    if (known) known.push(position);
    else members.set(stratum, [position]);
  });
  const places: { readonly position: number; readonly place: number }[] = [];
  for (const positions of members.values()) {
    // Spread evenly over 0 to 1: whatever is cut off behind one place takes the same share of every stratum.
    const offset = random.uniform();
    random.shuffle(positions).forEach((position, i) => {
      places.push({ position, place: (i + offset) / positions.length });
    });
  }
  places.sort((a, b) => a.place - b.place || a.position - b.position);
  return Int32Array.from(places.slice(0, size), ({ position }) => position).sort();
}
