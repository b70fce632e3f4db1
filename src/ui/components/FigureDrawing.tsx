import { useElementSize } from '@mantine/hooks';
import { useLayoutEffect, useRef } from 'react';
import { chosenNumbers } from '../../app/settings/number-language.ts';
import { type Figure, type LegendEntry, screenPaper } from '../../figures/figure.ts';
import styles from './FigureView.module.css';

/** A figure's drawing, made again for every width; those who do not see it are told its summary. */
export function FigureDrawing({ figure }: { readonly figure: Figure }) {
  const { ref: sizeRef, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<{ readonly figure: Figure; readonly width: number } | null>(null);

  // Before the first frame, so that what is below has its place at once; the observer tells the width a frame later.
  useLayoutEffect(() => {
    if (host.current === null) return;
    const at = Math.floor(width === 0 ? host.current.clientWidth : width);
    if (at === 0 || (drawn.current?.figure === figure && drawn.current.width === at)) return;
    drawn.current = { figure, width: at };
    host.current.replaceChildren(figure.draw(screenPaper(at, chosenNumbers)));
  }, [figure, width]);

  return (
    <div ref={sizeRef} className={styles.size}>
      <div role="img" aria-label={`${figure.title}. ${figure.summary(chosenNumbers)}`}>
        <div ref={host} className={styles.drawing} aria-hidden="true" />
      </div>
    </div>
  );
}

export function FigureLegend({ legend }: { readonly legend: readonly LegendEntry[] }) {
  if (legend.length === 0) return null;
  return (
    <ul className={styles.legend}>
      {legend.map(({ label, colour, dash }) => (
        <li key={label} className={styles.key}>
          <svg width="24" height="8" aria-hidden="true">
            <line x1="0" x2="24" y1="4" y2="4" stroke={colour} strokeWidth="2" strokeDasharray={dash ?? undefined} />
          </svg>
          <span>{label}</span>
        </li>
      ))}
    </ul>
  );
}
