import type { Page } from 'playwright';

declare global {
  interface Window {
    /** Calls of workers without an answer, and transactions that have not ended. */
    pendingWork?: number;
  }
}

/** From now on every document of the page's browser counts what it waits for, so that a test need not guess by the clock. */
export async function watchPendingWork(page: Page): Promise<void> {
  await page.context().addInitScript(() => {
    window.pendingWork = 0;
    const add = (change: number) => {
      window.pendingWork = (window.pendingWork ?? 0) + change;
    };
    const RealWorker = window.Worker;
    window.Worker = class extends RealWorker {
      readonly #owed = new Set<unknown>();
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }) => {
          if (this.#owed.delete(data?.id)) add(-1);
        });
        this.addEventListener('error', () => this.#forget());
        const post = this.postMessage.bind(this);
        this.postMessage = (message: unknown, transfer?: Transferable[] | StructuredSerializeOptions) => {
          post(message, Array.isArray(transfer) ? { transfer } : transfer);
          // A call, as comlink writes it: the answer has its id.
          const { id, type } = Object(message);
          if (id === undefined || type === undefined) return;
          this.#owed.add(id);
          add(1);
        };
      }
      override terminate(): void {
        this.#forget();
        super.terminate();
      }
      #forget(): void {
        add(-this.#owed.size);
        this.#owed.clear();
      }
    };
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...asked) {
      const made = transaction.apply(this, asked);
      add(1);
      for (const end of ['complete', 'abort']) made.addEventListener(end, () => add(-1));
      return made;
    };
  });
}

export const pendingWork = (page: Page): Promise<number> => page.evaluate(() => window.pendingWork ?? Number.NaN);
