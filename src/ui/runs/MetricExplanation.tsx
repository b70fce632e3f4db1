import type { Metric } from '../../metrics/registry.ts';
import { Explain } from '../components/Explain.tsx';

/** What a metric says, behind a small sign. */
export function MetricExplanation({ metric: { term, explanation } }: { readonly metric: Metric }) {
  return (
    <Explain term={term}>
      <p>{explanation}</p>
    </Explain>
  );
}

/** Metrics that differ in k alone are explained once, at the last of them. */
export const isExplained = (metrics: readonly Metric[], at: number): boolean =>
  metrics[at]?.term !== metrics[at + 1]?.term;
