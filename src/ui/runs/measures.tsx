import type { ReactNode } from 'react';
import type { Measure } from '../../state/result-rows.ts';
import { Explain } from '../components/Explain.tsx';
import { MapExplanation, TopKExplanation } from '../models/score-explanations.tsx';

export interface MeasureColumn {
  readonly measure: Measure;
  readonly title: string;
  readonly explanation: ReactNode;
}

/** The columns of figures. */
export const measures: readonly MeasureColumn[] = [
  { measure: 'top1', title: 'Top-1', explanation: null },
  { measure: 'top5', title: 'Top-5', explanation: null },
  { measure: 'top10', title: 'Top-10', explanation: <TopKExplanation /> },
  { measure: 'mapAtR', title: 'mAP@R', explanation: <MapExplanation /> },
  {
    measure: 'mrr',
    title: 'MRR',
    explanation: (
      <Explain term="MRR">
        <p>
          Mean reciprocal rank, in per cent: 100 where the first image is of the query’s class, 50 where the second is
          the first such image, 33.3 for the third; averaged over the queries.
        </p>
      </Explain>
    ),
  },
];
