import type { BrowserContext, Page } from 'playwright';

declare global {
  interface Window {
    featureCounts?: { asked: number; readonly stored: string[] };
  }
}

export interface Slowness {
  readonly afterImages: number;
  /** Null: for ever. */
  readonly pauseMs: number | null;
}

/**
 * Counts, in every page to come, the images that backbones are asked for, and the rows of features that are written. With
 * `slow`, the first page that has asked for that many images stops in the middle of its extraction from then on: further
 * batches wait that long, or for ever.
 */
export async function countFeatures(context: BrowserContext, slow: Slowness | null): Promise<void> {
  await context.addInitScript((slowness) => {
    // Blank pages have no storage.
    if (location.protocol === 'about:') return;
    const counts = { asked: 0, stored: [] as string[] };
    const most = slowness && localStorage.getItem('stalled') === null ? slowness.afterImages : Number.POSITIVE_INFINITY;
    window.featureCounts = counts;
    const RealWorker = window.Worker;
    window.Worker = class extends RealWorker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        if (options?.name !== 'backbone') return;
        const post = this.postMessage.bind(this);
        this.postMessage = (message: unknown, transfer?: Transferable[] | StructuredSerializeOptions) => {
          // As comlink writes a call: features(pixels, n).
          const call = message as { path?: string[]; argumentList?: { value: unknown }[] };
          if (call.path?.[0] === 'features') {
            const stalls = counts.asked >= most;
            if (stalls) localStorage.setItem('stalled', 'once');
            if (stalls && slowness?.pauseMs === null) return;
            counts.asked += Number(call.argumentList?.[1]?.value);
            if (stalls) {
              setTimeout(() => post(message, transfer as Transferable[]), slowness?.pauseMs ?? 0);
              return;
            }
          }
          post(message, transfer as Transferable[]);
        };
      }
    };
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, key) {
      if (this.name === 'features') counts.stored.push(JSON.stringify(key));
      return put.call(this, value, key);
    };
  }, slow);
}

export async function featureCounts(
  page: Page,
): Promise<{ readonly asked: number; readonly stored: readonly string[] }> {
  return (await page.evaluate(() => window.featureCounts)) ?? { asked: Number.NaN, stored: [] };
}
