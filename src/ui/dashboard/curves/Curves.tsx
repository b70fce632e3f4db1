import { Checkbox } from '@mantine/core';
import { useCallback, useState } from 'react';
import { formatNumber } from '../../format.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import styles from './Curves.module.css';
import { DrawnFigures } from './DrawnFigures.tsx';
import { type Drawing, useDrawn } from './use-drawn.ts';

/**
 * How the chosen runs do for every k, what their similarities are worth, and how their heads learned. All are drawn at once, and
 * each is shown when those above it are there: none of them is pushed down.
 */
export default function Curves() {
  const { drawTopK, drawSimilarities, drawTrainings, drawCutoff } = useActions();
  const others = useStore(useWorkspace().comparison, (state) => state.runs.length > 2);
  const [shown, setShown] = useState(true);
  const topK = useDrawn(useCallback(async () => [await drawTopK(shown)], [drawTopK, shown]));
  const similarities = useDrawn(useCallback(() => drawSimilarities(), [drawSimilarities]));
  const cutoff = useDrawn(useCallback(async () => [await drawCutoff()], [drawCutoff]));
  const trainings = useDrawn(useCallback(() => drawTrainings(), [drawTrainings]));
  const above = (...before: readonly Drawing[]) => before.every(({ drawn }) => drawn !== null);
  return (
    <div className={styles.curves}>
      <DrawnFigures
        title="Top-k accuracy"
        {...topK}
        tools={
          others ? (
            <Checkbox
              size="xs"
              label="Other runs"
              checked={shown}
              onChange={(event) => setShown(event.currentTarget.checked)}
            />
          ) : null
        }
      >
        <p className={styles.note}>
          Share of queries with at least one image of their class among the first k; papers also say hit@k, Recall@k or
          CMC@k. The bands are Wilson’s 95 % intervals. Whether one run is better than another is told by their paired
          difference on the leaderboard, not by bands that overlap.
        </p>
      </DrawnFigures>
      {above(topK) ? (
        <DrawnFigures title="Similarity of right and wrong neighbours" {...similarities} beside>
          <p className={styles.note}>
            The further the two lie apart, the more a similarity says. Similarities of different models are not
            comparable: each model spreads its images in its own way, so {formatNumber(0.8)} may be near for one and far
            for another.
          </p>
        </DrawnFigures>
      ) : null}
      {above(topK, similarities) ? (
        <DrawnFigures title="Relevance cut-off" {...cutoff}>
          <p className={styles.note}>
            Measured on the validation part of the training images, for the first of the chosen runs. The search screen
            can hide the neighbours below a cut-off. It holds for this model alone; of a fine-tuned model, it is
            measured with the head before it was refit on all training images.
          </p>
        </DrawnFigures>
      ) : null}
      {above(topK, similarities, cutoff) ? <DrawnFigures title="Training curves" {...trainings} /> : null}
    </div>
  );
}
