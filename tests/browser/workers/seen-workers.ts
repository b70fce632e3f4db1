import { vi } from 'vitest';

/** Ends a worker as a browser that is short of memory would. */
function end(worker: Worker): void {
  worker.terminate();
  worker.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
}

export interface SeenWorkers {
  /** How many workers of a name were made. */
  made(name: string): number;
  /** Ends the newest worker of that name. */
  kill(name: string): void;
  /** Ends it as soon as it is asked for this method, the first time; its successors too, where that is to happen several times. */
  killAt(name: string, method: string, times?: number): void;
}

/** From now on, sees every worker that the page makes. Call it once, before the first is made. */
export function seeWorkers(): SeenWorkers {
  const seen: { readonly name: string | undefined; readonly worker: Worker }[] = [];
  /** Deaths to come, by worker and method. */
  const traps = new Map<string, number>();
  class SeenWorker extends Worker {
    readonly #name: string | undefined;
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.#name = options?.name;
      seen.push({ name: options?.name, worker: this });
    }
    override postMessage(message: unknown, transfer?: Transferable[] | StructuredSerializeOptions): void {
      super.postMessage(message, Array.isArray(transfer) ? { transfer } : transfer);
      const path: unknown = Object(message).path;
      const method: unknown = Array.isArray(path) ? path[0] : null;
      const trap = `${this.#name}.${String(method)}`;
      const deaths = traps.get(trap) ?? 0;
      traps.set(trap, Math.max(0, deaths - 1));
      if (deaths > 0) end(this);
    }
  }
  vi.stubGlobal('Worker', SeenWorker);
  return {
    made: (name) => seen.filter((each) => each.name === name).length,
    kill(name) {
      const worker = seen.findLast((each) => each.name === name)?.worker;
      if (!worker) throw new Error(`There is no ${name} worker.`);
      end(worker);
    },
    killAt: (name, method, times = 1) => void traps.set(`${name}.${method}`, times),
  };
}
