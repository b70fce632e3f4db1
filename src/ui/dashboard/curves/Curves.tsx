import { Checkbox } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Drawn } from '../../../app/dashboard/figures/drawn.ts';
import { FigureView } from '../../components/FigureView.tsx';
import { formatNumber, formatSentence } from '../../format.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import styles from './Curves.module.css';

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

interface Drawing {
  readonly drawn: readonly Drawn[] | null;
  readonly pending: boolean;
}

/**
 * What `draw` makes of the chosen runs, made again when they change; null until the first is there. The one before stays in
 * sight meanwhile. `draw` must keep its identity as long as it draws the same.
 */
function useDrawn(draw: (signal: AbortSignal) => Promise<readonly Drawn[]>): Drawing {
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const shown = useStore(useWorkspace().dashboard);
  const [made, setMade] = useState<{ readonly drawn: readonly Drawn[]; readonly of: object } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `draw` reads the runs from their store, so that it draws again when they change.
  useEffect(() => {
    if (shown.status !== 'ready') return;
    const controller = new AbortController();
    void draw(controller.signal).then((drawn) => {
      if (!controller.signal.aborted) setMade({ drawn, of: shown });
    });
    return () => controller.abort();
  }, [runs, shown, draw]);
  return { drawn: made?.drawn ?? null, pending: made?.of !== shown };
}

interface DrawnFiguresProps {
  /** What is drawn, for the time before and for the case that there is nothing: "Training curves". */
  readonly title: string;
  /** Null until it is drawn. */
  readonly drawn: readonly Drawn[] | null;
  /** What is shown is of other runs. */
  readonly pending: boolean;
  readonly tools?: ReactNode;
  /** Side by side where there is room. */
  readonly beside?: boolean;
  /** Said below the figures. */
  readonly children?: ReactNode;
}

/** Figures of the chosen runs: on their way, there, or the reason why there are none. */
function DrawnFigures({ title, drawn, pending, tools, beside = false, children }: DrawnFiguresProps) {
  if (drawn === null) {
    return (
      <section className={styles.part} aria-label={title} aria-busy="true">
        <h2 className={styles.title}>{title}</h2>
        <div className={styles.skeleton} />
      </section>
    );
  }
  const figures = drawn.flatMap(({ figure }) => figure ?? []);
  const [missing] = drawn;
  if (figures.length === 0) {
    return (
      <section className={styles.part} aria-label={title} aria-busy={pending}>
        <h2 className={styles.title}>{title}</h2>
        <p className={styles.note}>{formatSentence(missing?.reason ?? '')}</p>
      </section>
    );
  }
  return (
    <div className={styles.part} aria-busy={pending}>
      <div className={beside && figures.length > 1 ? styles.beside : styles.below}>
        {figures.map((figure) => (
          <FigureView key={figure.id} figure={figure} tools={tools} />
        ))}
      </div>
      {children}
    </div>
  );
}
