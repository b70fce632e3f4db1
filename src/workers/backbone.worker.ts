import { AppError } from '../errors.ts';
import { colourGradient } from '../models/colour-gradient.ts';
import type { Engine } from '../models/engines/engine.ts';
import type { Extractor } from '../models/extractor.ts';
import { withMirrorImages } from '../models/mirror.ts';
import type { BackboneName, Preprocessing } from '../types.ts';
import { beat, beatDuring } from './beat.ts';
import type { BackboneWorker } from './protocol.ts';
import { move, serve } from './serve.ts';

/** TensorFlow.js may have to come over a slow line. */
const SCRIPT_MS = 5 * 60_000;

// TensorFlow.js comes with the engine: who only computes the descriptor never loads it.
let engine: Engine | null = null;
let extractor: Pick<Extractor, 'features' | 'dispose'> | null = null;
let before: Promise<unknown> = Promise.resolve();

/** One call after the other: a backbone must not be freed while it computes. */
function inTurn<R>(call: () => Promise<R>): Promise<R> {
  const result = before.then(call);
  before = result.catch(() => {});
  return result;
}

function unload(): void {
  extractor?.dispose();
  extractor = null;
}

async function loadNetwork(
  architecture: Exclude<BackboneName, 'colour-gradient'>,
  file: Blob | null,
  preprocessing: Preprocessing,
  batch: number,
): Promise<Extractor> {
  if (!engine) throw new AppError('bad-argument', 'A network needs an engine: open one first.');
  if (!file) throw new AppError('weights-missing', 'This network needs weights. Download them on the models screen.');
  const { loadExtractor } = await beatDuring(import('../models/extractor.ts'), SCRIPT_MS);
  const loaded = await loadExtractor(engine, architecture, file, preprocessing, batch);
  return preprocessing.flip ? withMirrorImages(loaded, preprocessing.size) : loaded;
}

const worker: BackboneWorker = {
  open: (kind) =>
    inTurn(async () => {
      unload();
      const { openEngine } = await beatDuring(import('../models/engines/engine.ts'), SCRIPT_MS);
      engine = await openEngine(kind, beat);
      return { kind: engine.kind, adapter: engine.adapter };
    }),

  load: (backbone, file, preprocessing, batch) =>
    inTurn(async () => {
      unload();
      extractor =
        backbone === 'colour-gradient'
          ? { features: async (pixels, n) => colourGradient(pixels, n, preprocessing.size, beat), dispose: () => {} }
          : await loadNetwork(backbone, file, preprocessing, batch);
    }),

  features: (pixels, n, share = null) =>
    inTurn(async () => {
      const loaded = extractor;
      if (!loaded) throw new AppError('bad-argument', 'No backbone is loaded.');
      const compute = () => loaded.features(pixels, n);
      const features = await (share && engine?.together ? engine.together(share, compute) : compute());
      return move(features, features.buffer);
    }),

  memory: async () => engine?.memory() ?? { numTensors: 0, numBytes: 0 },

  unload: () => inTurn(async () => unload()),
};

serve(worker);
