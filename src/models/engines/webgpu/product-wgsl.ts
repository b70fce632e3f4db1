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
  readonly epilogue: Epilogue;
}

/** Of patches: the image's height and width out of the convolution, and pixels of padding above and left. */
export const PATCHES_UNIFORMS = 'geometry : vec4<i32>,';

/**
 * A thread keeps its sums in registers and reads both matrices from where they lie: no workgroup memory, no barriers. Threads
 * beyond the last row or four read these, whose numbers do no harm, and write nothing.
 */
export function productWgsl(text: ProductText): string {
  const { rows: kind, tiles, lanes, epilogue } = text;
  const each = eachOf(tiles);
  const rowsOf = (line: (row: number) => string) => unrolled(tiles.rows, line);
  const [zero, type] = lanes === 4 ? ['vec4<f32>(0.0)', 'vec4<f32>'] : ['0.0', 'f32'];
  const multiply = (filter: string) => `
      for (var input = 0; input < inputs; input++) {
        ${rowsOf((row) => `let a${row} : ${type} = ${kind === 'matrix' ? `A[at${row} + input]` : `select(${zero}, A[at${row} + input], inside${row})`};`)}
        ${unrolled(
          lanes,
          (lane) => `{
          let line = (${filter}(input * ${lanes} + ${lane})) * fours;
          ${unrolled(tiles.fours, (four) => `let b${four} = B[line + column${four}];`)}
          ${each((row, four) => `sum${row}_${four} += ${lanes === 4 ? `a${row}[${lane}]` : `a${row}`} * b${four};`)}
        }`,
        )}
      }`;
  return `
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

/** Fours of inputs that a workgroup reads at once, for each of its rows … */
const DEPTH = 4;
/** … and from one row's to the next's: threads that read a column at once then read different banks of the memory. */
const ROW = DEPTH + 1;

/**
 * The same by tiles that the workgroup's threads read together, 16 inputs at a time; the next are asked for before they are
 * wanted, so that the wait for them is spent on computing. Inputs are a multiple of 4.
 */
export function sharedProductWgsl(text: ProductText): string {
  const { rows: kind, tiles, epilogue } = text;
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
  var<workgroup> lefts : array<vec4<f32>, ${tall * ROW}>;
  var<workgroup> rights : array<vec4<f32>, ${4 * DEPTH * wide}>;
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
    ${unrolled(rights, (load) => `var right${load} : vec4<f32>;`)}
    ${each((row, four) => `var sum${row}_${four} = bias[min(column + ${four * across}, fours - 1)];`)}
    ${ask('0')}
    for (var tile = 0; tile < depth; tile += ${DEPTH}) {
      ${unrolled(lefts, (load) => `lefts[${rowOf(load)} * ${ROW} + (thread + ${load * threads}) % ${DEPTH}] = left${load};`)}
      ${unrolled(rights, (load) => `rights[thread + ${load * threads}] = right${load};`)}
      workgroupBarrier();
      ${ask(`(tile + ${DEPTH})`)}
      for (var four = 0; four < ${DEPTH}; four++) {
        ${unrolled(rows, (row) => `let a${row} = lefts[(i32(localId.y) + ${row * down}) * ${ROW} + four];`)}
        ${unrolled(
          4,
          (lane) => `{
          ${unrolled(fours, (b) => `let b${b} = rights[(four * 4 + ${lane}) * ${wide} + i32(localId.x) + ${b * across}];`)}
          ${each((row, b) => `sum${row}_${b} += a${row}[${lane}] * b${b};`)}
        }`,
        )}
      }
      workgroupBarrier();
    }
    ${each((row, four) => writeWhereInside(tiles, row, four))}
  }
  ${kind === 'matrix' ? '' : INSIDE}`;
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
