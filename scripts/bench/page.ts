import { readFile } from 'node:fs/promises';
import { createServer } from 'vite';
import { launchBrowser } from '../evaluate/browser.ts';

const BUNDLED = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
  'comlink',
  'hash-wasm',
  'idb',
  'onnxruntime-web/wasm',
  'valibot',
];

/** A page of tests/bench, seen from here: what it has put into `window.bench`. */
export interface BenchPage {
  readonly browser: string;
  call(name: string, ...values: (string | number)[]): Promise<unknown>;
  /** The same, and the milliseconds that the page's thread was on the processor: other programs are not in them. */
  timedCall(name: string, ...values: (string | number)[]): Promise<{ answer: unknown; processorMs: number }>;
  /** Loads the page again: its workers and what they held are gone, what is stored stays. */
  reload(): Promise<void>;
  /** Megabytes of memory that the page and its workers have now; NaN where the system does not tell. */
  residentMB(): Promise<number>;
  /** Seconds of processor that the page and all its threads have had. */
  processorSeconds(): Promise<number>;
  close(): Promise<void>;
}

/**
 * The sources in headless Chromium; cross-origin isolated, since clocks are coarse and threads missing elsewhere.
 * @param name of tests/bench/<name>.html
 */
export async function openBenchPage(name: string): Promise<BenchPage> {
  const server = await createServer({
    logLevel: 'error',
    // Found late, they would be bundled again while a worker waits for the old bundle.
    optimizeDeps: { include: BUNDLED },
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
  await page.goto(`${server.resolvedUrls?.local[0]}tests/bench/${name}.html`);
  const ready = () =>
    page.waitForFunction(() => 'bench' in window && window.crossOriginIsolated, null, { timeout: 120_000 });
  await ready();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const browser = context.browser();
  if (!browser) throw new Error('The browser is gone.');
  const processes = await browser.newBrowserCDPSession();
  const processorMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const call: BenchPage['call'] = (method, ...values) =>
    page.evaluate(
      ([wanted, given]) => {
        const bench: unknown = Reflect.get(window, 'bench');
        if (typeof bench !== 'object' || bench === null) throw new Error('The page has no bench.');
        const member: unknown = Reflect.get(bench, wanted);
        if (typeof member !== 'function') throw new Error(`The page measures no ${wanted}.`);
        return Reflect.apply(member, bench, given);
      },
      [method, values] as const,
    );
  return {
    browser: `Chromium ${browser.version()}`,
    call,
    async timedCall(method, ...values) {
      const before = await processorMs();
      const answer = await call(method, ...values);
      return { answer, processorMs: (await processorMs()) - before };
    },
    async reload() {
      await page.reload();
      await ready();
    },
    async residentMB() {
      const { processInfo } = await processes.send('SystemInfo.getProcessInfo');
      const sizes = processInfo
        .filter(({ type }) => type === 'renderer')
        .map(async ({ id }) => {
          const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
          return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
        });
      return Math.max(...(await Promise.all(sizes)));
    },
    async processorSeconds() {
      const { processInfo } = await processes.send('SystemInfo.getProcessInfo');
      return processInfo.reduce((sum, { type, cpuTime }) => sum + (type === 'renderer' ? cpuTime : 0), 0);
    },
    async close() {
      await close();
      await server.close();
    },
  };
}
