import { createBackbones } from '../../../src/core/backbones.ts';
import type { Change, Context } from '../../../src/core/context.ts';
import { createDigests } from '../../../src/core/digests.ts';
import { createSearchClient } from '../../../src/core/search-client.ts';
import { createWeightsCatalogue } from '../../../src/core/weights-catalogue.ts';
import { createWorkers } from '../../../src/core/workers.ts';
import { createEvents } from '../../../src/events.ts';
import type { Database } from '../../../src/storage/database.ts';

/** As on a page: one set of workers, whatever they work on. */
const workers = createWorkers();
const search = createSearchClient();

/** The real workers over this database, on WASM. */
export function contextOver(database: Database): Context {
  return {
    database,
    workers,
    search,
    weights: createWeightsCatalogue(database, workers),
    backbones: createBackbones(workers, { chosen: () => ({ engine: 'wasm', workers: 1 }), onEngine() {} }),
    digests: createDigests(),
    changes: createEvents<Change>(),
    inTurn: (_name, _signal, work) => work(),
  };
}
