import type { ReactNode } from 'react';
import type { Drawn } from '../../../app/dashboard/figures/drawn.ts';
import { FigureView } from '../../components/FigureView.tsx';
import { formatSentence } from '../../format.ts';
import styles from './Curves.module.css';

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
export function DrawnFigures({ title, drawn, pending, tools, beside = false, children }: DrawnFiguresProps) {
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
