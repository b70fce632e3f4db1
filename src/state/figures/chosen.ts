import { aborted } from '../../errors.ts';
import type { Figure } from '../../figures/figure.ts';
import { loadQueries } from '../judged-neighbours.ts';
import { classesDrawn } from './classes.ts';
import { cutoffDrawn } from './cutoff.ts';
import type { Drawn } from './drawn.ts';
import { similaritiesDrawn } from './similarities.ts';
import { topKDrawn } from './topk.ts';
import { loadTrainings, trainingsDrawn } from './training.ts';

/** Each may draw nothing, since not every run has what it shows. In the order of the report. */
const all: readonly (() => Promise<readonly Drawn[]>)[] = [
  async () => [topKDrawn(false)],
  () => similaritiesDrawn(loadQueries),
  async () => [await cutoffDrawn(loadQueries)],
  () => trainingsDrawn(loadTrainings),
  async () => classesDrawn(),
];

/** All figures of the chosen runs, for the report. Throws AppError 'aborted' once `signal` is. */
export async function figuresOfChosen(signal: AbortSignal): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const draw of all) {
    if (signal.aborted) throw aborted();
    for (const { figure } of await draw()) if (figure) figures.push(figure);
  }
  return figures;
}
