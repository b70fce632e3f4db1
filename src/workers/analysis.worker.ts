import { pairedDifference } from '../metrics/intervals.ts';
import { judgeNeighbours } from '../metrics/similarities.ts';
import type { AnalysisWorker, Difference } from './analysis-protocol.ts';
import { move, serve } from './serve.ts';
import { controlledBy, stepper } from './steps.ts';

const api: AnalysisWorker = {
  differences(first, others, aggregate, seed, control) {
    function* steps(): Generator<number, Difference[]> {
      const differences: Difference[] = [];
      for (const other of others) {
        differences.push(pairedDifference(first, other, aggregate, { seed }));
        yield differences.length;
      }
      return differences;
    }
    return controlledBy<Difference[]>(control, ({ signal, report }) => stepper([signal], report).steps(steps()));
  },

  similarities(neighbours, asked, searched) {
    const judged = judgeNeighbours(neighbours, asked, searched);
    return Promise.resolve(move(judged, judged.similarities.buffer, judged.right.buffer));
  },
};

serve(api);
