import { useMemo } from 'react';
import type { EpochReport } from '../../app/comparison/comparison.ts';
import { trainingFigure } from '../../figures/training-curves.ts';
import { FigureDrawing, FigureLegend } from '../components/FigureView.tsx';
import styles from './comparison.module.css';

interface TrainingCurvesProps {
  /** "ResNet-50, cosine, seed 0". */
  readonly label: string;
  readonly reports: readonly EpochReport[];
}

/** Loss, accuracy and retrieval by epoch, side by side. The table behind them is their text alternative. */
export default function TrainingCurves({ label, reports }: TrainingCurvesProps) {
  const figure = useMemo(() => trainingFigure('training', label, reports), [label, reports]);
  return (
    <div className={styles.charts}>
      <FigureLegend legend={figure.legend} />
      <FigureDrawing figure={figure} />
    </div>
  );
}
