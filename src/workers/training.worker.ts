import { AppError } from '../errors.ts';
import type { OpenArithmetic } from '../heads/arithmetic.ts';
import { classCosines, classMeans } from '../heads/class-cosines.ts';
import { concatEmbeddings, gaussianProjection, meanEmbeddings } from '../heads/ensemble.ts';
import { embed } from '../heads/head.ts';
import { loadHead, saveHead } from '../heads/head-file.ts';
import { EMBEDDING_SIZE } from '../heads/parameters.ts';
import { calibrate } from '../heads/posterior.ts';
import { openSecondThread } from '../heads/second-thread.ts';
import { tensorArithmetic } from '../heads/tensor-arithmetic.ts';
import { train } from '../heads/train.ts';
import type { Checkpoint, TrainingOptions, TrainingResult } from '../heads/training.ts';
import { fetchWasmArithmetic } from '../heads/wasm-arithmetic.ts';
import { canShareMemory } from '../math/shared-memory.ts';
import { type Engine, openEngine } from '../models/engines/engine.ts';
import { beat } from './beat.ts';
import { breathe, openControl } from './control.ts';
import { move, serve } from './serve.ts';
import type { TrainingMessage, TrainingWorker } from './training-protocol.ts';

/** A checkpoint of ResNet-50's head is 12 MB: written more often, it would keep the disk busier than the processor. */
const CHECKPOINT_MS = 2000;

let engine: Engine | null = null;
let arithmetic: OpenArithmetic = () => tensorArithmetic;
/** Stops the training under way. */
let stopping: AbortController | null = null;

/** The newest state of the training under way, or of the last one that failed. */
let newest: Checkpoint | null = null;

/** A second thread for training, where memory can be shared and there is a core for it. */
function secondThread(): ReturnType<typeof openSecondThread> | null {
  if (!canShareMemory() || navigator.hardwareConcurrency < 2) return null;
  let worker: Worker | null = null;
  return openSecondThread((work) => {
    worker ??= new Worker(new URL('./kernels.worker.ts', import.meta.url), { type: 'module', name: 'kernels' });
    worker.postMessage(work);
  });
}

/** Runs what needs products; ends with 'engine-lost' when the engine goes. */
async function onEngine<R>(run: () => Promise<R>): Promise<R> {
  if (!engine) throw new AppError('bad-argument', 'Training needs an engine: open one first.');
  return Promise.race([run(), engine.lost]);
}

function moveHeads(result: TrainingResult): TrainingResult {
  const arrays = [...result.heads, ...result.fitHeads].flatMap(({ projection, bias, classifier }) =>
    classifier ? [projection, bias, classifier.weight, classifier.bias] : [projection, bias],
  );
  // Without a refit both lists hold the same heads, members may share a classifier, and a buffer can be moved only once.
  return move(result, ...new Set(arrays.map(({ buffer }) => buffer)));
}

const worker: TrainingWorker = {
  async open(kind = 'wasm', threads = 2) {
    engine = await openEngine(kind, beat);
    const own = kind === 'wasm' ? await fetchWasmArithmetic('best', threads === 2 ? secondThread() : null) : null;
    arithmetic = own ?? (() => tensorArithmetic);
    return { kind: engine.kind, adapter: engine.adapter };
  },

  async train(job, resumeFrom, control) {
    const { signal, report, close } = openControl<TrainingMessage>(control);
    try {
      if (stopping) throw new AppError('bad-argument', 'One head is being trained already. Wait for it, or stop it.');
      stopping = new AbortController();
      try {
        newest = resumeFrom;
        const options: TrainingOptions = {
          arithmetic,
          signal,
          stop: stopping.signal,
          onEpoch: (epoch) => report({ kind: 'epoch', report: epoch }),
          onCheckpoint: (checkpoint) => {
            newest = checkpoint;
            report({ kind: 'checkpoint', checkpoint });
          },
          checkpointMs: CHECKPOINT_MS,
          resumeFrom,
          breathe,
        };
        const result = await onEngine(() => train(job, options));
        newest = null;
        return moveHeads(result);
      } finally {
        stopping = null;
      }
    } finally {
      close();
    }
  },

  async stop() {
    stopping?.abort();
  },

  newestCheckpoint: async () => newest,

  async finish(job, resumeFrom) {
    const signal = new AbortController().signal;
    const options: TrainingOptions = { arithmetic, signal, stop: AbortSignal.abort(), resumeFrom };
    return moveHeads(await onEngine(() => train(job, options)));
  },

  async embed(head, features) {
    const embeddings = await onEngine(() => embed(head, features, arithmetic()));
    return move(embeddings, embeddings.buffer);
  },

  async embedFrozen(backbone, features, dimensions, seed) {
    const projection = gaussianProjection(dimensions, seed, backbone);
    const embeddings = await onEngine(() => embed(projection, features, arithmetic()));
    return move(embeddings, embeddings.buffer);
  },

  async combine(how, members) {
    const combined =
      how === 'concat'
        ? concatEmbeddings(members)
        : { embeddings: meanEmbeddings(members.map(({ embeddings }) => embeddings)), dimensions: EMBEDDING_SIZE };
    return move(combined, combined.embeddings.buffer);
  },

  async classCosines(members) {
    const cosines = await onEngine(() => classCosines(members, arithmetic()));
    return move(cosines, cosines.buffer);
  },

  async classMeans(member, labels, classes) {
    const means = await onEngine(() => classMeans(member, labels, classes, arithmetic()));
    return move(means, means.buffer);
  },

  calibrate: async (cosines, members, classes, labels) => calibrate(cosines, members, classes, labels),

  saveHead: async (saved) => saveHead(saved),
  loadHead,

  memory: async () => engine?.memory() ?? { numTensors: 0, numBytes: 0 },
};

serve(worker);
