import { type Epilogue, epilogueWgsl } from './epilogue.ts';
import type { Tiles } from './tiles.ts';
import { unrolled } from './wgsl.ts';

/**
 * What the rows of the left matrix are: a matrix's own, or the patches of images that a convolution reads, tap by tap (an
 * implicit product: no matrix of them is made). `kernel` taps a side, `stride` pixels from one to the next.
 */
export type Rows = 'matrix' | { readonly kernel: number; readonly stride: number };

export interface ProductText {
  readonly rows: Rows;
  readonly tiles: Tiles;
  /** Inputs that are read at once: 1 where they are no multiple of 4. */
  readonly lanes: 1 | 4;
  /** What is multiplied; sums are single precision. */
  readonly number: 'f32' | 'f16';
  readonly weights: 'singles' | 'halves';
  readonly epilogue: Epilogue;
}

/** Of patches: the image's height and width out of the convolution, and pixels of padding above and left. */
export const PATCHES_UNIFORMS = 'geometry : vec4<i32>,';

/**
 * A thread keeps its sums in registers and reads both matrices from where they lie: no workgroup memory, no barriers. Threads
 * beyond the last row or four read these, whose numbers do no harm, and write nothing.
 */
export function productWgsl(text: ProductText): string {
  const { rows: kind, tiles, lanes, number, epilogue } = text;
  const each = eachOf(tiles);
  const rowsOf = (line: (row: number) => string) => unrolled(tiles.rows, line);
  const type = lanes === 4 ? `vec4<${number}>` : number;
  const multiply = (filter: string) =>
    addedUp(
      text,
      { to: 'inputs', stretch: TOGETHER / lanes },
      (input, part) => `
        ${rowsOf((row) => {
          const read = `${type}(A[at${row} + ${input}])`;
          return `let a${row} = ${kind === 'matrix' ? read : `select(${type}(0), ${read}, inside${row})`};`;
        })}
        ${unrolled(
          lanes,
          (lane) => `{
          let line = (${filter}(${input} * ${lanes} + ${lane})) * fours;
          ${unrolled(tiles.fours, (four) => `let b${four} = fourOf(B[line + column${four}]);`)}
          ${each((row, four) => `${part}${row}_${four} += ${lanes === 4 ? `a${row}[${lane}]` : `a${row}`} * b${four};`)}
        }`,
        )}`,
    );
  return `
  ${fourOfWgsl(text)}
  ${epilogueWgsl(epilogue)}
  fn main() {
    ${sizes(text)}
    let first = i32(workgroupId.y) * ${tiles.rows * tiles.down} + i32(localId.y);
    let column = i32(workgroupId.x) * ${tiles.fours * tiles.across} + i32(localId.x);
    ${unrolled(tiles.fours, (four) => `let column${four} = min(column + ${four * tiles.across}, fours - 1);`)}
    ${each((row, four) => `var sum${row}_${four} = bias[column${four}];`)}
    ${
      kind === 'matrix'
        ? `${rowsOf((row) => `let at${row} = min(first + ${row * tiles.down}, rows - 1) * inputs;`)}
           ${multiply('')}`
        : `${rowsOf((row) => place(`min(first + ${row * tiles.down}, rows - 1)`, row, kind.stride))}
    for (var tap = 0; tap < ${kind.kernel ** 2}; tap++) {
      let down = tap / ${kind.kernel};
      let along = tap % ${kind.kernel};
      ${rowsOf(
        (row) => `let inside${row} = isInside(y${row} + down, x${row} + along);
      let at${row} = select(0, (corner${row} + down * width + along) * inputs, inside${row});`,
      )}
      ${multiply(`tap * inputs * ${lanes} + `)}
    }`
    }
    ${each((row, four) => writeWhereInside(tiles, row, four))}
  }
  ${kind === 'matrix' ? '' : INSIDE}`;
}

/** Inputs whose products are added up as halves, where halves are multiplied: more would lose digits, fewer save little. */
const TOGETHER = 16;

/** Fours of inputs that a workgroup reads at once, for each of its rows … */
const DEPTH = TOGETHER / 4;
/** … and from one row's to the next's: threads that read a column at once then read different banks of the memory. */
const ROW = DEPTH + 1;

/**
 * The same by tiles that the workgroup's threads read together, 16 inputs at a time; the next are asked for before they are
 * wanted, so that the wait for them is spent on computing. Inputs are a multiple of 4.
 */
export function sharedProductWgsl(text: ProductText): string {
  const { rows: kind, tiles, number, epilogue } = text;
  const { rows, fours, across, down } = tiles;
  const threads = across * down;
  const [tall, wide] = [rows * down, fours * across];
  const [lefts, rights] = [(tall * DEPTH) / threads, (4 * DEPTH * wide) / threads];
  const each = eachOf(tiles);
  const rowOf = (load: number) => `(thread + ${load * threads}) / ${DEPTH}`;
  const ask = (tile: string) => `
      ${unrolled(
        lefts,
        (load) => `{
        let four = ${tile} + ${threads % DEPTH === 0 ? `thread % ${DEPTH}` : `(thread + ${load * threads}) % ${DEPTH}`};
        ${
          kind === 'matrix'
            ? `left${load} = select(vec4<f32>(0.0), A[at${load} + min(four, depth - 1)], four < depth);`
            : `let tap = four / inputs;
        let inside = four < depth && isInside(y${load} + tap / ${kind.kernel}, x${load} + tap % ${kind.kernel});
        let pixel = corner${load} + tap / ${kind.kernel} * width + tap % ${kind.kernel};
        left${load} = select(vec4<f32>(0.0), A[select(0, pixel * inputs + four % inputs, inside)], inside);`
        }
      }`,
      )}
      ${unrolled(
        rights,
        (load) =>
          `right${load} = B[min(${tile} * 4 + (thread + ${load * threads}) / ${wide}, depth * 4 - 1) * fours + min(firstFour + (thread + ${load * threads}) % ${wide}, fours - 1)];`,
      )}`;
  return `
  ${fourOfWgsl(text)}
  var<workgroup> lefts : array<vec4<${number}>, ${tall * ROW}>;
  var<workgroup> rights : array<vec4<${number}>, ${4 * DEPTH * wide}>;
  ${epilogueWgsl(epilogue)}
  fn main() {
    ${sizes(text)}
    let depth = inputs${kind === 'matrix' ? '' : ` * ${kind.kernel ** 2}`};
    let thread = i32(localIndex);
    let firstRow = i32(workgroupId.y) * ${tall};
    let firstFour = i32(workgroupId.x) * ${wide};
    let first = firstRow + i32(localId.y);
    let column = firstFour + i32(localId.x);
    ${unrolled(lefts, (load) => {
      const row = `min(firstRow + ${rowOf(load)}, rows - 1)`;
      return `${kind === 'matrix' ? `let at${load} = ${row} * inputs;` : place(row, load, kind.stride)} var left${load} : vec4<f32>;`;
    })}
    ${unrolled(rights, (load) => `var right${load} : ${weightsType(text)};`)}
    ${each((row, four) => `var sum${row}_${four} = bias[min(column + ${four * across}, fours - 1)];`)}
    ${ask('0')}
    for (var tile = 0; tile < depth; tile += ${DEPTH}) {
      ${unrolled(lefts, (load) => `lefts[${rowOf(load)} * ${ROW} + (thread + ${load * threads}) % ${DEPTH}] = vec4<${number}>(left${load});`)}
      ${unrolled(rights, (load) => `rights[thread + ${load * threads}] = fourOf(right${load});`)}
      workgroupBarrier();
      ${ask(`(tile + ${DEPTH})`)}
      ${addedUp(
        text,
        { to: `${DEPTH}`, stretch: DEPTH },
        (four, part) => `
        ${unrolled(rows, (row) => `let a${row} = lefts[(i32(localId.y) + ${row * down}) * ${ROW} + ${four}];`)}
        ${unrolled(
          4,
          (lane) => `{
          ${unrolled(fours, (b) => `let b${b} = rights[(${four} * 4 + ${lane}) * ${wide} + i32(localId.x) + ${b * across}];`)}
          ${each((row, b) => `${part}${row}_${b} += a${row}[${lane}] * b${b};`)}
        }`,
        )}`,
      )}
      workgroupBarrier();
    }
    ${each((row, four) => writeWhereInside(tiles, row, four))}
  }
  ${kind === 'matrix' ? '' : INSIDE}`;
}

/**
 * The loop over inputs, whose `body` adds the products of one place to variables that begin with `part`: the sums
 * themselves, or sums of halves of a stretch of places, which are then added to the sums.
 */
function addedUp(
  { tiles, number }: ProductText,
  { to, stretch }: { readonly to: string; readonly stretch: number },
  body: (place: string, part: string) => string,
): string {
  if (number === 'f32') return `for (var k = 0; k < ${to}; k++) { ${body('k', 'sum')} }`;
  const each = eachOf(tiles);
  return `
      for (var begin = 0; begin < ${to}; begin += ${stretch}) {
        let end = min(begin + ${stretch}, ${to});
        ${each((row, four) => `var half${row}_${four} = vec4<f16>(0);`)}
        for (var k = begin; k < end; k++) { ${body('k', 'half')} }
        ${each((row, four) => `sum${row}_${four} += vec4<f32>(half${row}_${four});`)}
      }`;
}

const weightsType = ({ weights }: ProductText): string => (weights === 'halves' ? 'vec2<i32>' : 'vec4<f32>');

/** A function `fourOf` that converts four weights from how they lie in memory to the type that is multiplied. */
function fourOfWgsl(text: ProductText): string {
  const { number, weights } = text;
  const singles = 'vec4<f32>(unpack2x16float(bitcast<u32>(b.x)), unpack2x16float(bitcast<u32>(b.y)))';
  const halves = number === 'f16' ? 'bitcast<vec4<f16>>(b)' : singles;
  return `
  ${number === 'f16' ? 'enable f16;' : ''}
  fn fourOf(b : ${weightsType(text)}) -> vec4<${number}> { return ${weights === 'halves' ? halves : `vec4<${number}>(b)`}; }`;
}

const eachOf = (tiles: Tiles) => (line: (row: number, four: number) => string) =>
  unrolled(tiles.rows, (row) => unrolled(tiles.fours, (four) => line(row, four)));

/** Rows and fours of outputs, and how many times `lanes` inputs a row or a pixel has. */
function sizes({ rows, lanes }: ProductText): string {
  return `
    let rows = uniforms.outShape[0];
    let fours = uniforms.outShape[1] / 4;
    let inputs = uniforms.aShape[${rows === 'matrix' ? 1 : 3}] / ${lanes};
    ${rows === 'matrix' ? '' : 'let width = uniforms.aShape[2];'}`;
}

/** Row `row` as a place in the convolution's result, and where its patch begins in the image. */
function place(row: string, name: number, stride: number): string {
  return `let pixel${name} = ${row};
    let y${name} = pixel${name} / uniforms.geometry[1] % uniforms.geometry[0] * ${stride} - uniforms.geometry[2];
    let x${name} = pixel${name} % uniforms.geometry[1] * ${stride} - uniforms.geometry[3];
    let corner${name} = (pixel${name} / (uniforms.geometry[0] * uniforms.geometry[1]) * uniforms.aShape[1] + y${name}) * width + x${name};`;
}

const INSIDE = `
  fn isInside(y : i32, x : i32) -> bool {
    return y >= 0 && x >= 0 && y < uniforms.aShape[1] && x < uniforms.aShape[2];
  }`;

function writeWhereInside({ across, down }: Tiles, row: number, four: number): string {
  const [y, x] = [`first + ${row * down}`, `column + ${four * across}`];
  return `if (${y} < rows && ${x} < fours) { write((${y}) * fours + ${x}, sum${row}_${four}); }`;
}
