/** What scripts/bench/kernels.ts drives in Chromium: a network in the page's own thread, every call of a WASM kernel timed. */
import { openEngine } from '../../src/models/engines/engine.ts';
import { type Extractor, loadExtractor } from '../../src/models/extractor.ts';
import { tensorsOf } from '../../src/models/networks/network.ts';
import { ARCHITECTURES, isArchitecture } from '../../src/models/specs/architectures.ts';
import { formulaFileOf } from '../formula.ts';
import { cropLength, formulaCrops, formulaPreprocessing } from './formula-crops.ts';

/** The largest batch that is asked for. */
const MOST = 4;

interface Call {
  /** Its name, and the shape that it was given. */
  readonly kernel: string;
  /** 10⁹ operations of a product; 0 for others. */
  readonly gflop: number;
  readonly milliseconds: number;
}

/** Calls of the pass that runs. */
let calls: Call[] = [];

// Whoever puts kernels on a memory from here on gets them with a clock around each.
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, given) {
    const { exports } = Reflect.construct(target, given);
    return { exports: Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, timed(name, value)])) };
  },
});

function timed(name: string, exported: unknown): unknown {
  if (typeof exported !== 'function') return exported;
  return (...numbers: number[]) => {
    const start = performance.now();
    const answer: unknown = exported(...numbers);
    calls.push({ ...described(name, numbers), milliseconds: performance.now() - start });
    return answer;
  };
}

/** As activations.ts of scripts/build-kernels/assembly numbers them. */
const ENDINGS = ['linear', 'ReLU', 'SiLU', 'GELU', 'hard-swish', 'sigmoid', 'clip'];

/** By the parameters of scripts/build-kernels/assembly. */
function described(name: string, numbers: readonly number[]): Pick<Call, 'kernel' | 'gflop'> {
  const at = (...places: number[]) => places.map((place) => numbers[place] ?? Number.NaN);
  if (name === 'multiply') {
    const [taps = 0, rows = 0, inputs = 0, outputs = 0, ending = 0] = at(3, 10, 11, 12, 13);
    const shape = `${rows} × ${taps * inputs} × ${outputs}`;
    return { kernel: `${name} ${shape}, ${ENDINGS[ending]}`, gflop: (2 * rows * taps * inputs * outputs) / 1e9 };
  }
  const shape = {
    winograd: at(8, 9, 10, 11),
    depthwise: at(7, 8, 9, 10, 11),
    attend: at(3, 5, 6),
    layerNorm: at(2, 3),
  }[name];
  return { kernel: shape ? `${name} ${shape.join(' × ')}` : name, gflop: 0 };
}

let side = 0;
let extractor: Extractor | null = null;

const bench = {
  async prepare(name: string) {
    if (!isArchitecture(name)) throw new Error(`There is no ${name}.`);
    extractor?.dispose();
    side = ARCHITECTURES[name].preprocessing.size;
    const engine = await openEngine('wasm');
    extractor = await loadExtractor(engine, name, formulaFileOf(tensorsOf(name)), formulaPreprocessing(name), MOST);
  },

  /** The same batch in each of `rounds` passes after one that warms up: of every call its shortest time, in order, and the shortest pass. */
  async profile(batch: number, rounds: number): Promise<{ pass: number; calls: readonly Call[] }> {
    if (!extractor) throw new Error('No network is prepared.');
    const crops = formulaCrops(batch, side).subarray(0, batch * cropLength(side));
    let pass = Number.POSITIVE_INFINITY;
    let shortest: Call[] = [];
    for (let round = 0; round <= rounds; round++) {
      calls = [];
      const start = performance.now();
      await extractor.features(crops, batch);
      const took = performance.now() - start;
      if (round === 0) continue;
      pass = Math.min(pass, took);
      if (shortest.length > 0 && shortest.length !== calls.length) throw new Error('Two passes made other calls.');
      shortest = calls.map((call, i) => {
        const before = shortest[i];
        return before && before.milliseconds < call.milliseconds ? before : call;
      });
    }
    return { pass, calls: shortest };
  },
};

Object.assign(window, { bench });
