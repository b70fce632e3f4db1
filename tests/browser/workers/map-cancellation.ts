import { clusters } from '../../../scripts/bench/clusters.ts';
import { drawMap, type MapReport } from '../../../src/core/embedding-map.ts';

const [ROWS, DIMENSIONS] = [5000, 32];

export interface MapCancellation {
  /** What the drawing threw; undefined where it came to its end all the same. */
  readonly error: unknown;
  /** From the cancellation to that. */
  readonly milliseconds: number;
  /** Reports that came after the cancellation. */
  readonly reportsAfter: number;
  /** The cancelled drawing's signal. */
  readonly signal: AbortSignal;
}

/** Draws a map and cancels it at the first report of that stage. */
export async function cancelledWhile(stage: MapReport['stage']): Promise<MapCancellation> {
  const controller = new AbortController();
  const { signal } = controller;
  let cancelledAt: number | null = null;
  let reportsAfter = 0;
  const error: unknown = await drawMap(clusters(ROWS, DIMENSIONS), DIMENSIONS, 0, signal, (report) => {
    if (cancelledAt !== null) reportsAfter += 1;
    else if (report.stage === stage) {
      cancelledAt = performance.now();
      controller.abort();
    }
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (cancelledAt === null) throw new Error(`The stage ${stage} was never reported.`);
  return { error, milliseconds: performance.now() - cancelledAt, reportsAfter, signal };
}
