import { createBackbones } from '../core/backbones.ts';
import type { Change, Context } from '../core/context.ts';
import { createDigests } from '../core/digests.ts';
import { createSearchClient } from '../core/search-client.ts';
import { createWeightsCatalogue } from '../core/weights-catalogue.ts';
import { createWorkers } from '../core/workers.ts';
import type { AppError } from '../errors.ts';
import { createEvents } from '../events.ts';
import { createTurns } from '../jobs/turns.ts';
import { openDatabase } from '../storage/database.ts';
import type { EngineInfo } from '../types.ts';
import { engineStore } from './engine.ts';
import { settingsStore } from './settings/settings.ts';
import { noticeMemory, noticeTrouble, storageTroubleStore } from './settings/storage-trouble.ts';

/** One database and one set of workers serve the whole page; all are opened at their first use. */
export const database = openDatabase('likeness', {
  onMemory: noticeMemory,
  onDeleted: noticeTrouble,
  onUnstored(refusal) {
    noticeTrouble(refusal);
    storageTroubleStore.setState({ unstoredBytes: database.unstored.bytes });
  },
});

const workers = createWorkers();
/** Hears of every change of engine that was not asked for. */
const engineTrouble = createEvents<AppError>();
export const onEngineTrouble = engineTrouble.on;

const backbones = createBackbones(workers, {
  chosen() {
    const { engine, workers: count, wasmInstead } = settingsStore.getState();
    return { engine: wasmInstead ? 'wasm' : engine, workers: count };
  },
  onEngine(engine: EngineInfo, why) {
    const { wasmInstead } = settingsStore.getState();
    const reason = wasmInstead ? 'Chosen after WebGPU had failed. Choose an engine to try it again.' : engine.reason;
    engineStore.setState({ engine: { ...engine, reason } });
    if (why) engineTrouble.tell(why);
  },
});

export const context: Context = {
  database,
  workers,
  search: createSearchClient(),
  weights: createWeightsCatalogue(database, workers),
  backbones,
  digests: createDigests(),
  changes: createEvents<Change>(),
  inTurn: createTurns(),
};
