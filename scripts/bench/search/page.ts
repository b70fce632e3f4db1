import { createServer } from 'vite';
import { launchBrowser } from '../../evaluate/browser.ts';

/** tests/bench/search-page.ts, seen from here. */
export interface SearchPage {
  readonly browser: string;
  call(name: string, ...values: (string | number)[]): Promise<unknown>;
  /** The same, and the milliseconds that the page's thread was on the processor: other programs are not in them. */
  timedCall(name: string, ...values: (string | number)[]): Promise<{ answer: unknown; processorMs: number }>;
  close(): Promise<void>;
}

/** The sources in headless Chromium; cross-origin isolated, since clocks are coarse elsewhere. */
export async function openSearchPage(): Promise<SearchPage> {
  const server = await createServer({
    logLevel: 'error',
    server: {
      port: 0,
      host: '127.0.0.1',
      headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
      hmr: false,
    },
  });
  await server.listen();
  const { page, context, close } = await launchBrowser();
  page.setDefaultTimeout(0);
  await page.goto(`${server.resolvedUrls?.local[0]}tests/bench/search.html`);
  await page.waitForFunction(() => 'searchBench' in window && window.crossOriginIsolated, null, { timeout: 120_000 });
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const processorMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const call: SearchPage['call'] = (name, ...values) =>
    page.evaluate(
      ([method, given]) => {
        const bench: unknown = Reflect.get(window, 'searchBench');
        if (typeof bench !== 'object' || bench === null) throw new Error('The page has no bench.');
        const member: unknown = Reflect.get(bench, method);
        if (typeof member !== 'function') throw new Error(`The page measures no ${method}.`);
        return Reflect.apply(member, bench, given);
      },
      [name, values] as const,
    );
  return {
    browser: `Chromium ${context.browser()?.version() ?? ''}`.trim(),
    call,
    async timedCall(name, ...values) {
      const before = await processorMs();
      const answer = await call(name, ...values);
      return { answer, processorMs: (await processorMs()) - before };
    },
    async close() {
      await close();
      await server.close();
    },
  };
}
