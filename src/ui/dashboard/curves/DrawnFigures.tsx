import { type ReactNode, useEffect, useState } from 'react';
import type { Drawn } from '../../../app/dashboard/figures/drawn.ts';
import { FigureView } from '../../components/FigureView.tsx';
import { formatSentence } from '../../format.ts';
import { useStore } from '../../use-store.ts';
import { useWorkspace } from '../../workspace.tsx';
import styles from './Curves.module.css';

interface DrawnFiguresProps {
  /** What is drawn, for the time before and for the case that there is nothing: "Training curves". */
  readonly title: string;
  readonly draw: (signal: AbortSignal) => Promise<readonly Drawn[]>;
  readonly tools?: ReactNode;
  /** Side by side where there is room. */
  readonly beside?: boolean;
  /** Said below the figures. */
  readonly children?: ReactNode;
}

/** Figures of the chosen runs: on their way, there, or the reason why there are none. */
export function DrawnFigures({ title, draw, tools, beside = false, children }: DrawnFiguresProps) {
  const { drawn, pending } = useDrawn(draw);
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

/**
 * What `draw` makes of the chosen runs, made again when they change; null until the first is there. The one before stays in
 * sight meanwhile. `draw` must keep its identity as long as it draws the same.
 */
function useDrawn(draw: (signal: AbortSignal) => Promise<readonly Drawn[]>): {
  readonly drawn: readonly Drawn[] | null;
  readonly pending: boolean;
} {
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
