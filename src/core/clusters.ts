import type { Clusters } from '../workers/analysis-protocol.ts';
import { controlled, move } from '../workers/connect.ts';
import type { Context, Step } from './context.ts';
import { type MapSubject, mapEmbeddings } from './embedding-map.ts';
import { createMeter } from './meter.ts';
import type { Run } from './run.ts';
import { repeatedOnce } from './worker-faults.ts';

/** Which of `count` clusters each image of a map belongs to, by what the run has embedded: k-means in the full space. */
export function clustersOf(
  context: Context,
  run: Run,
  subject: MapSubject,
  count: number,
  seed: number,
  { signal, report }: Pick<Step, 'signal' | 'report'>,
): Promise<Clusters> {
  const meter = createMeter(subject.images.length);
  return repeatedOnce(signal, async () => {
    const { matrix, dimensions } = await mapEmbeddings(context, run, subject);
    return controlled<number, Clusters>(
      signal,
      (share) => report(meter.reach(Math.floor(share * subject.images.length))),
      async (control) =>
        (await context.workers.analysis.api()).clusters(move(matrix, matrix.buffer), dimensions, count, seed, control),
    );
  });
}
