import { download } from '../models/weights/download.ts';
import { importFile } from '../models/weights/import-file.ts';
import { lookUp } from '../models/weights/look-up.ts';
import { openStore } from '../models/weights/opfs-store.ts';
import { paced, type Received } from '../models/weights/received.ts';
import type { Patience } from '../models/weights/retry.ts';
import { listedWeights, readListing } from '../models/weights/sources.ts';
import { WeightsCache } from '../models/weights/weights-cache.ts';
import { beatDuring } from './beat.ts';
import { openControl } from './control.ts';
import type { CallControl, WeightsWorker } from './protocol.ts';

/** The app's start waits for the list, and does without it where the server is away or slow: once, and not for long. */
const atStart = (patience: Patience): Patience => ({
  ...patience,
  attempts: 1,
  stallMs: Math.min(patience.stallMs, 2000),
});

/** The weights worker's methods, for the hub at this address. */
export function weightsApi(hub: URL, patience: Patience): WeightsWorker {
  const opened = openStore().then((store) => new WeightsCache(store));
  return {
    lasting: async () => (await opened).store.lasting,
    listOrigin: async (base) => {
      const reading = readListing(new URL(base), atStart(patience), new AbortController().signal);
      const { listed, ignored } = await beatDuring(reading);
      for (const { id, reason } of ignored) console.warn(`Weights ${id} of models/index.json are ignored: ${reason}`);
      return listed.map(listedWeights);
    },
    listCached: async () => (await opened).list(),
    download: (weights, base, call) =>
      controlled(call, async (signal, report) => {
        const bases = { hub, origin: new URL(base) };
        return download(await opened, weights, { bases, patience, signal, report });
      }),
    partial: async (id) => (await opened).partial(id),
    lookUp: (text) => beatDuring(lookUp(text, hub, patience, new AbortController().signal)),
    importFile: (file, config, call) =>
      controlled(call, async (signal, report) => importFile(await opened, file, config, signal, report)),
    open: async (id) => (await opened).open(id),
    remove: async (id) => (await opened).remove(id),
  };
}

async function controlled<T>(
  call: CallControl,
  act: (signal: AbortSignal, report: (received: Received) => void) => Promise<T>,
): Promise<T> {
  const control = openControl<Received>(call);
  try {
    // A silent server has a watch of its own (models/weights/retry.ts), and another tab's download is waited for.
    return await beatDuring(act(control.signal, paced(control.report)));
  } finally {
    control.close();
  }
}
