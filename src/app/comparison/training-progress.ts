import type { Recipe } from '../../heads/recipe.ts';
import type { EpochReport } from '../../heads/training.ts';
import type { Progress } from '../../types.ts';

export interface TrainingStep {
  /** The stage that starts with this epoch, where it does: the refit is one of its own. */
  readonly starts: string | null;
  /** The stage's progress; its time left is the training's. */
  readonly progress: Progress;
  /** Epochs in all so far, and what they took. */
  readonly measured: { readonly epochs: number; readonly milliseconds: number };
}

/** Epochs within which the rate follows a change of pace. */
const LATEST_EPOCHS = 20;

/**
 * Follows a training epoch by epoch: the fit, then the refit. `label` names the model. Times are the epochs' own: those of before
 * a reload are told again in a moment.
 */
export function createTrainingProgress(
  label: string,
  { refit, patience }: Pick<Recipe, 'refit' | 'patience'>,
): { reach(report: EpochReport): TrainingStep } {
  let stage: EpochReport[] = [];
  let best = 0;
  const measured = { epochs: 0, milliseconds: 0 };
  return {
    reach(report) {
      measured.epochs++;
      measured.milliseconds += report.milliseconds;
      const starts = report.phase === 'refit' && stage[0]?.phase !== 'refit';
      stage = starts ? [report] : [...stage, report].slice(-LATEST_EPOCHS);
      if (report.phase === 'fit' && report.best) best = report.epoch;
      const { epoch: done, epochs: total } = report;
      const elapsed = stage.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      const rate = elapsed > 0 ? stage.length / (elapsed / 1000) : null;
      // As the fit stands now, the refit will take as many epochs as the best one.
      const left = total - done + (refit && report.phase === 'fit' ? best : 0);
      // Unless validation improves, the fit stops `patience` epochs after its best one.
      const early = report.phase === 'fit' && best > 0 && best + patience < total;
      return {
        starts: starts
          ? `Training the ${label.includes(' + ') ? 'heads' : 'head'} of ${label} again on all images`
          : null,
        progress: {
          done,
          total,
          rate,
          secondsLeft: rate === null ? null : left / rate,
          ...(early ? { atMost: true } : {}),
        },
        measured: { ...measured },
      };
    },
  };
}
