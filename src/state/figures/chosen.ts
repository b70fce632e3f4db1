import type { Figure } from '../../figures/figure.ts';
import type { Drawn } from './drawn.ts';
import { topKDrawn } from './topk.ts';

/** Each may draw nothing, since not every run has what it shows. In the order of the report. */
const all: readonly ((signal: AbortSignal) => Promise<readonly Drawn[]>)[] = [
  async (signal) => [await topKDrawn(false, signal)],
];

/** All figures of the chosen runs, for the report. Throws AppError 'aborted' once `signal` is. */
export async function figuresOfChosen(signal: AbortSignal): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const draw of all) {
    for (const { figure } of await draw(signal)) if (figure) figures.push(figure);
  }
  return figures;
}
