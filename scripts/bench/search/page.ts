import { createServer } from 'vite';
import { launchBrowser } from '../../evaluate/browser.ts';

export interface Asked {
  readonly p50: number;
  readonly p99: number;
  readonly recall: number;
}

/** tests/bench/search-page.ts, seen from here. */
export interface SearchPage {
  readonly browser: string;
  call(name: string, ...values: (string | number)[]): Promise<unknown>;
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
  return {
    browser: `Chromium ${context.browser()?.version() ?? ''}`.trim(),
    call: (name, ...values) =>
      page.evaluate(
        ([method, given]) => {
          const bench: unknown = Reflect.get(window, 'searchBench');
          if (typeof bench !== 'object' || bench === null) throw new Error('The page has no bench.');
          const member: unknown = Reflect.get(bench, method);
          if (typeof member !== 'function') throw new Error(`The page measures no ${method}.`);
          return Reflect.apply(member, bench, given);
        },
        [name, values] as const,
      ),
    async close() {
      await close();
      await server.close();
    },
  };
}
