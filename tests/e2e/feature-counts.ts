import type { BrowserContext, Page } from 'playwright';

declare global {
  interface Window {
    featureCounts?: {
      asked: number;
      readonly stored: string[];
      /** From so many images asked for on, batches wait. */
      most: number;
      readonly held: (() => void)[];
    };
  }
}

/**
 * Counts, in every page to come, the images that backbones are asked for, and the rows of features that are written. With
 * `stopAfter`, the first page that has asked for that many images stops in the middle of its extraction: further batches
 * wait until letGo, or for ever.
 */
export async function countFeatures(context: BrowserContext, stopAfter: number | null): Promise<void> {
  await context.addInitScript((after) => {
    // Blank pages have no storage.
    if (location.protocol === 'about:') return;
    const stops = after !== null && localStorage.getItem('stalled') === null;
    const counts = { asked: 0, stored: [] as string[], most: stops ? after : Number.POSITIVE_INFINITY, held: [] };
    window.featureCounts = counts;
    const { held }: { held: (() => void)[] } = counts;
    const RealWorker = window.Worker;
    window.Worker = class extends RealWorker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        if (options?.name !== 'backbone') return;
        const post = this.postMessage.bind(this);
        // A worker that says nothing for long would be taken for one that hangs.
        setInterval(() => held.length > 0 && this.dispatchEvent(new MessageEvent('message', { data: 'beat' })), 1000);
        this.postMessage = (message: unknown, transfer?: Transferable[] | StructuredSerializeOptions) => {
          // As comlink writes a call: features(pixels, n).
          const call = message as { path?: string[]; argumentList?: { value: unknown }[] };
          if (call.path?.[0] !== 'features') return post(message, transfer as Transferable[]);
          const goOn = () => {
            counts.asked += Number(call.argumentList?.[1]?.value);
            post(message, transfer as Transferable[]);
          };
          if (counts.asked < counts.most) return goOn();
          held.push(goOn);
          localStorage.setItem('stalled', 'once');
        };
      }
    };
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, key) {
      if (this.name === 'features') counts.stored.push(JSON.stringify(key));
      return put.call(this, value, key);
    };
  }, stopAfter);
}

/** From now on the page's batches wait, until letGo. */
export async function hold(page: Page): Promise<void> {
  await page.evaluate(() => {
    if (window.featureCounts) window.featureCounts.most = 0;
  });
}

export async function letGo(page: Page): Promise<void> {
  await page.evaluate(() => {
    if (!window.featureCounts) return;
    window.featureCounts.most = Number.POSITIVE_INFINITY;
    for (const goOn of window.featureCounts.held.splice(0)) goOn();
  });
}

export async function featureCounts(
  page: Page,
): Promise<{ readonly asked: number; readonly stored: readonly string[] }> {
  const counted = await page.evaluate(() => {
    const { asked = Number.NaN, stored = [] } = window.featureCounts ?? {};
    return { asked, stored: [...stored] };
  });
  return counted;
}
