import type { Page } from 'playwright';
import { memoryOf } from '../scale/many.ts';

/** What the page holds, once the collector has been through it. */
export interface Holdings {
  /** Tensors of each worker that can have some, as its own TensorFlow.js counts them. */
  readonly tensors: unknown;
  readonly workers: number;
  /** JavaScript's heap of the page. */
  readonly heapMb: number;
  /** Memory of the page's process: workers, WASM and buffers too. */
  readonly residentMb: number;
  readonly nodes: number;
}

/** Measures on the settings screen, whose diagnostics ask the workers. */
export async function holdings(page: Page): Promise<Holdings> {
  await page
    .getByRole('link', { name: /^Settings/ })
    .first()
    .click();
  await page.getByRole('button', { name: /^(Show diagnostics|Refresh)$/ }).click();
  const { tensors }: { tensors: unknown } = JSON.parse(await page.locator('pre').innerText());
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  return {
    tensors,
    workers: page.workers().length,
    heapMb: Math.round(metric('JSHeapUsedSize') / 2 ** 10) / 2 ** 10,
    residentMb: Math.round((await memoryOf(page)).resident),
    nodes: metric('Nodes'),
  };
}
