import { bootstrapRanks, pairedDifference } from '../metrics/bootstrap.ts';
import { judgeNeighbours } from '../metrics/similarities.ts';
import type { AnalysisWorker, Difference } from './analysis-protocol.ts';
import { move, serve } from './serve.ts';
import { controlledBy, stepper } from './steps.ts';

const api: AnalysisWorker = {
  differences(first, others, seed, control) {
    function* steps(): Generator<number, Difference[]> {
      const differences: Difference[] = [];
      for (const other of others) {
        differences.push(pairedDifference(first, other, { seed }));
        yield differences.length;
      }
      return differences;
    }
    return controlledBy<Difference[]>(control, ({ signal, report }) => stepper([signal], report).steps(steps()));
  },

  async band(ranks, most, seed, control) {
    const steps = bootstrapRanks(ranks, most, { seed });
    const band = await controlledBy(control, ({ signal, report }) => stepper([signal], report).steps(steps));
    return move(band, band.lower.buffer, band.upper.buffer);
  },

  similarities(neighbours, asked, searched) {
    const judged = judgeNeighbours(neighbours, asked, searched);
    return Promise.resolve(move(judged, judged.similarities.buffer, judged.right.buffer));
  },
};

serve(api);
