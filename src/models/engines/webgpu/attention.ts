import * as tf from '@tensorflow/tfjs';
import { uses } from './candidates.ts';
import { type Backend, numberOf, type Program, registerKernel } from './program.ts';
import { expOfNegative, unrolled } from './wgsl.ts';

const ATTENTION = 'LikenessAttention';

/** Adds attention as one kernel. */
export function registerAttention(backend: Backend): void {
  registerKernel(backend, ATTENTION, ({ shape }, attributes) => {
    const asking = numberOf(ATTENTION, attributes, 'asking');
    const [images = 0, tokens = 0, triple = 0] = shape;
    const width = triple / 3;
    if (asking > tokens) throw new Error(`${ATTENTION} has ${tokens} tokens, not ${asking}.`);
    const grouped = uses('subgroups');
    const program: Program = {
      shaderKey: `likeness_${ATTENTION}_${grouped}`,
      variableNames: ['A'],
      outputShape: [images, asking, width],
      outputComponent: 4,
      workgroupSize: [WORKGROUP, 1, 1],
      dispatchLayout: { x: [1], y: [2], z: [0] },
      // Neighbours share keys and values: a head's tiles of queries come one after the other.
      dispatch: [Math.ceil(asking / QUERIES), width / DEPTH, images],
      getUserCode: () => attentionWgsl(grouped),
    };
    return { program };
  });
}

/**
 * Queries, keys and values [N, T, 3 · width], the queries already divided by √depth → what the first `asking` tokens
 * gather [N, asking, width], on a backend that has the kernel. `depth`, a head's, is 64. The input stays the caller's.
 */
export function attend(qkv: tf.Tensor3D, asking: number, width: number, depth: number): tf.Tensor3D {
  if (depth !== DEPTH || qkv.shape[2] !== 3 * width) throw new Error(`${ATTENTION} wants heads of ${DEPTH}.`);
  return tf.engine().runKernel<tf.Tensor3D>(ATTENTION, { x: qkv }, { asking });
}

/** Numbers of a query, key or value. */
export const DEPTH = 64;
/** Queries and keys of a tile: more would not fit into the 16,384 bytes that every device has for a workgroup. */
const QUERIES = 32;
const KEYS = 16;
/** Threads of a workgroup: few, so that each does much with what it reads. */
export const WORKGROUP = 64;

/** Fours of numbers in a row of a tile … */
const FOURS = DEPTH / 4;
/** … and from one row to the next: threads that read a column at once then read different banks of the memory. */
const ROW = FOURS + 1;
/** Threads that share a query's scores of a tile of keys, a four of them each; and the same gap. */
const GROUPS = KEYS / 4;
const WEIGHTS_ROW = GROUPS + 1;
/** Rows of a tile that all threads together read at once, a four each. */
const LOADED = WORKGROUP / FOURS;
/** A thread scores this many queries, so far apart. */
const SCORED_STEP = WORKGROUP / GROUPS;
const SCORED = QUERIES / SCORED_STEP;
/** A thread gathers two fours, so far apart, of this many queries, so far apart. */
const COLUMNS = FOURS / 2;
const GATHERED_STEP = WORKGROUP / COLUMNS;
const GATHERED = QUERIES / GATHERED_STEP;
/** Below any score, and far enough from the end of the range for a difference. */
const LOWEST = '-3.0e38';

/**
 * What QUERIES tokens gather in one head, by the online softmax (Milakov & Gimelshein 2018; Dao et al. 2022, algorithm
 * 1): over tiles of keys, with what is gathered so far scaled down whenever a higher score is met. No score leaves the
 * workgroup. A tile's values take the place of its keys once all scores are there; both are asked for before they are
 * wanted, so that the wait for them is spent on computing.
 *
 * Beyond the last token, queries and keys are the last one again, whose numbers do no harm: such queries are not
 * written, such keys weigh nothing.
 */
export function attentionWgsl(grouped: boolean): string {
  const { declared, tell, peak, end, whole } = grouped ? BY_QUADS : BY_MEMORY;
  return `
  ${declared}
  ${MEMORY}
  ${expOfNegative('expOfOne', 'f32')}
  ${expOfNegative('expOfFour', 'vec4<f32>')}
  fn main() {
    ${PLACES}
    ${unrolled(QUERIES / LOADED, (i) => `queries[place + ${i * LOADED * ROW}u] = A[fourOf(image, first + loader + ${i * LOADED}u)];`)}
    ${unrolled(KEYS / LOADED, (i) => `var asked${i} : vec4<f32>;`)}
    ${ask('keys', '0u')}
    ${unrolled(SCORED, (i) => `var peak${i} = ${LOWEST}; var sum${i} = 0.0;`)}
    ${unrolled(GATHERED, (i) => `var near${i} = vec4<f32>(0.0); var far${i} = vec4<f32>(0.0);`)}
    for (var begin = 0u; begin < tokens; begin += ${KEYS}u) {
      ${TAKE}
      workgroupBarrier();
      ${ask('values', 'begin')}
      ${SCORE}
      ${unrolled(SCORED, tell)}
      workgroupBarrier();
      ${TAKE}
      ${ask('keys', `begin + ${KEYS}u`)}
      ${unrolled(SCORED, (i) => weigh(i, peak(i)))}
      workgroupBarrier();
      ${GATHER}
      workgroupBarrier();
    }
    ${unrolled(SCORED, end)}
    workgroupBarrier();
    ${unrolled(GATHERED, (i) => write(i, whole(gatheredQuery(i))))}
  }`;
}

/** What the workgroup's threads share, with what `Sharing` needs at most 16,256 bytes, and where to find it. */
const MEMORY = `
  var<workgroup> queries : array<vec4<f32>, ${QUERIES * ROW}>;
  var<workgroup> tile : array<vec4<f32>, ${KEYS * ROW}>;
  var<workgroup> weights : array<vec4<f32>, ${QUERIES * WEIGHTS_ROW}>;
  var<workgroup> fading : array<f32, ${QUERIES}>;

  fn fourOf(part : u32, token : u32) -> u32 {
    let shape = vec2<u32>(uniforms.aShape.yz);
    return part + min(token, shape.x - 1u) * (shape.y / 4u) + localIndex % ${FOURS}u;
  }

  fn highest(x : vec4<f32>) -> f32 {
    return max(max(x.x, x.y), max(x.z, x.w));
  }`;

/** Three maps of the threads: who reads what, who scores what, who gathers what. */
const PLACES = `
    let tokens = u32(uniforms.aShape.y);
    let asking = u32(uniforms.outShape.y);
    let width = u32(uniforms.outShape.z) / 4u;
    let first = workgroupId.x * ${QUERIES}u;
    let head = workgroupId.y * ${FOURS}u;
    let image = workgroupId.z * tokens * 3u * width + head;
    let keys = image + width;
    let values = keys + width;
    let loader = localIndex / ${FOURS}u;
    let place = loader * ${ROW}u + localIndex % ${FOURS}u;
    let scorer = localIndex / ${GROUPS}u;
    let group = localIndex % ${GROUPS}u;
    let gatherer = localIndex / ${COLUMNS}u;
    let column = localIndex % ${COLUMNS}u;`;

const scoredQuery = (i: number) => `(scorer + ${i * SCORED_STEP}u)`;
const gatheredQuery = (i: number) => `(gatherer + ${i * GATHERED_STEP}u)`;

/** Asks for the tile of keys or values from token `begin` on … */
function ask(part: 'keys' | 'values', begin: string): string {
  return unrolled(KEYS / LOADED, (i) => `asked${i} = A[fourOf(${part}, ${begin} + loader + ${i * LOADED}u)];`);
}

/** … and puts it into the workgroup's memory. */
const TAKE = unrolled(KEYS / LOADED, (i) => `tile[place + ${i * LOADED * ROW}u] = asked${i};`);

const eachOfFour = (value: (j: number) => string) => `(${[0, 1, 2, 3].map(value).join(', ')})`;

/** Six fours read give 32 products. A thread's keys are GROUPS apart, so that neighbours read neighbours. */
const SCORE = `
      ${unrolled(SCORED, (i) => `var scores${i} = vec4<f32>(0.0);`)}
      for (var four = 0u; four < ${FOURS}u; four++) {
        ${unrolled(4, (j) => `let key${j} = tile[(group + ${j * GROUPS}u) * ${ROW}u + four];`)}
        ${unrolled(
          SCORED,
          (i) => `let query${i} = queries[${scoredQuery(i)} * ${ROW}u + four];
        scores${i} += vec4<f32>${eachOfFour((j) => `dot(query${i}, key${j})`)};`,
        )}
      }
      let present = vec4<u32>(begin + group) + vec4<u32>${eachOfFour((j) => `${j * GROUPS}u`)} < vec4<u32>(tokens);
      ${unrolled(SCORED, (i) => `scores${i} = select(vec4<f32>(${LOWEST}), scores${i}, present);`)}`;

/** How the threads that share a query tell each other what they found among their keys. */
interface Sharing {
  readonly declared: string;
  /** Tells the highest of the query's scores … */
  readonly tell: (i: number) => string;
  /** … and gives the highest of all, behind a barrier. */
  readonly peak: (i: number) => string;
  /** Tells the sum of weights in the end, and gives that of a query behind a barrier. */
  readonly end: (i: number) => string;
  readonly whole: (query: string) => string;
}

const BY_MEMORY: Sharing = {
  declared: `
  var<workgroup> partial : array<f32, ${QUERIES * GROUPS}>;
  fn partialOf(query : u32) -> vec4<f32> {
    let at = query * ${GROUPS}u;
    return vec4<f32>(partial[at], partial[at + 1u], partial[at + 2u], partial[at + 3u]);
  }`,
  tell: (i) => `partial[${scoredQuery(i)} * ${GROUPS}u + group] = highest(scores${i});`,
  peak: (i) => `highest(partialOf(${scoredQuery(i)}))`,
  end: (i) => `partial[${scoredQuery(i)} * ${GROUPS}u + group] = sum${i};`,
  whole: (query) => `dot(partialOf(${query}), vec4<f32>(1.0))`,
};

/** The four threads of a query are a quad where the threads of a subgroup follow each other, which the language does not promise. */
const BY_QUADS: Sharing = {
  declared: `
  enable subgroups;
  fn highestOfQuad(x : f32) -> f32 {
    let two = max(x, quadSwapX(x));
    return max(two, quadSwapY(two));
  }
  fn sumOfQuad(x : f32) -> f32 {
    let two = x + quadSwapX(x);
    return two + quadSwapY(two);
  }`,
  tell: (i) => `let highest${i} = highestOfQuad(highest(scores${i}));`,
  peak: (i) => `highest${i}`,
  // What fades is read by then.
  end: (i) => `let whole${i} = sumOfQuad(sum${i}); if (group == 0u) { fading[${scoredQuery(i)}] = whole${i}; }`,
  whole: (query) => `fading[${query}]`,
};

/** A query's threads come to the same peak each. */
const weigh = (i: number, highest: string) => `let before${i} = peak${i};
      peak${i} = max(before${i}, ${highest});
      let fade${i} = expOfOne(before${i} - peak${i});
      let weights${i} = select(vec4<f32>(0.0), expOfFour(scores${i} - peak${i}), present);
      sum${i} = sum${i} * fade${i} + dot(weights${i}, vec4<f32>(1.0));
      weights[${scoredQuery(i)} * ${WEIGHTS_ROW}u + group] = weights${i};
      if (group == 0u) { fading[${scoredQuery(i)}] = fade${i}; }`;

/** Twelve fours read give 128 products. */
const GATHER = `
      ${unrolled(
        GATHERED,
        (i) => `let faded${i} = fading[${gatheredQuery(i)}];
      near${i} *= faded${i};
      far${i} *= faded${i};`,
      )}
      for (var other = 0u; other < ${GROUPS}u; other++) {
        ${unrolled(GATHERED, (i) => `let weight${i} = weights[${gatheredQuery(i)} * ${WEIGHTS_ROW}u + other];`)}
        ${unrolled(
          4,
          (j) => `let at${j} = (other + ${j * GROUPS}u) * ${ROW}u + column;
        let value${j} = tile[at${j}];
        let beyond${j} = tile[at${j} + ${COLUMNS}u];
        ${unrolled(GATHERED, (i) => `near${i} += weight${i}[${j}] * value${j}; far${i} += weight${i}[${j}] * beyond${j};`)}`,
        )}
      }`;

const write = (i: number, whole: string) => `if (first + ${gatheredQuery(i)} < asking) {
      let whole = ${whole};
      let at = (workgroupId.z * asking + first + ${gatheredQuery(i)}) * width + head + column;
      result[at] = near${i} / whole;
      result[at + ${COLUMNS}u] = far${i} / whole;
    }`;
