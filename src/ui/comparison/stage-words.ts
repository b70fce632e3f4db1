import type { Stage } from '../../app/comparison/comparison.ts';
import { formatAmount, formatCount, formatDuration, formatProgressShare, timeLeftIn } from '../format.ts';
import { isOpen, totalTime } from './run-plan.ts';

const UNKNOWN = 'time not known yet';

/** The state and the time of a stage: "about 40 s", "43 %, 12 s left", "done in 38 s", "kept". */
export function stageTime({ state, estimateMs, progress, tookMs }: Stage): string {
  switch (state) {
    case 'waiting':
      if (estimateMs === null) return UNKNOWN;
      return estimateMs === 0 ? 'waiting' : `about ${formatDuration(estimateMs)}`;
    case 'running': {
      if (progress === null || progress.total === 0) return 'running';
      const share = formatProgressShare(progress.done / progress.total);
      return progress.secondsLeft === null ? share : `${share}, ${timeLeftIn(progress.secondsLeft, progress)}`;
    }
    case 'done':
      return tookMs === null ? 'done' : `done in ${formatDuration(tookMs)}`;
    default:
      return state;
  }
}

/** Over the list: what is to be done and how long it takes, or how far it is. */
export function stagesLine(stages: readonly Stage[], running: boolean): string {
  const open = stages.filter(isOpen);
  const kept = stages.filter(({ state }) => state === 'kept').length;
  const known = totalTime(stages);
  const unknown = open.some(({ estimateMs }) => estimateMs === null) ? UNKNOWN : null;
  if (running) {
    const done = `${formatCount(stages.length - open.length)} of ${formatAmount(stages.length, 'stage')} done`;
    return [done, known === null ? unknown : `${known} left`].filter((part) => part !== null).join(', ');
  }
  if (open.length === 0) return `All ${formatAmount(stages.length, 'stage')} are done and kept`;
  return [
    `${formatAmount(open.length, 'stage')} to do`,
    kept === 0 ? null : `${formatCount(kept)} kept from before`,
    known ?? unknown,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
