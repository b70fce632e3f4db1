import type { Stage } from '../../app/comparison/comparison.ts';
import { formatAll, formatAmount, formatCount, formatDuration, formatProgressShare, timeLeftIn } from '../format.ts';

export interface RunPlan {
  /** The button's words: what a press does. */
  readonly label: string;
  /** Why the button does nothing; null where it does something. */
  readonly reason: string | null;
}

/** What *Run comparison* will do now. */
export function runPlan(stages: readonly Stage[], running: boolean): RunPlan {
  const impossible = (reason: string): RunPlan => ({ label: 'Run comparison', reason });
  if (running) {
    return { label: 'Comparing', reason: 'Results appear as they come. Changes to the plan are for the next run.' };
  }
  const runs = stages.filter(({ kind }) => kind === 'evaluate');
  if (runs.length === 0) return impossible('Tick at least one model.');
  const missing = runs.filter(isOpen).length;
  if (missing === 0) {
    return impossible(
      runs.length === 1
        ? 'The run is there already.'
        : `${runs.length === 2 ? 'Both runs' : `All ${formatCount(runs.length)} runs`} are there already.`,
    );
  }
  const time = totalTime(stages);
  return {
    label: [`Run comparison: ${formatAmount(missing, 'run')}`, time].filter((part) => part !== null).join(', '),
    reason: null,
  };
}

/** Still to be done. */
export function isOpen({ state }: Stage): boolean {
  return state !== 'kept' && state !== 'done';
}

/** Milliseconds until all of it is done, counting what is left of the running stage. `certain`: no part of it is unknown. */
function timeToDo(stages: readonly Stage[]): { readonly ms: number; readonly certain: boolean } {
  const parts = stages.filter(isOpen).map(({ state, progress, estimateMs }) => {
    const left = state === 'running' ? (progress?.secondsLeft ?? null) : null;
    return left === null ? estimateMs : left * 1000;
  });
  return { ms: parts.reduce<number>((sum, ms) => sum + (ms ?? 0), 0), certain: !parts.includes(null) };
}

/**
 * "about 3 min", "3 min or more" where a part is not known yet; null where nothing is known. Evaluations alone tell nothing: of
 * a comparison that trains they are the least part.
 */
function totalTime(stages: readonly Stage[]): string | null {
  const { ms, certain } = timeToDo(stages);
  if (ms === 0) return null;
  if (!certain && timeToDo(stages.filter(({ kind }) => kind !== 'evaluate')).ms === 0) return null;
  const time = formatDuration(ms);
  return certain ? `about ${time}` : `${time} or more`;
}

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
    // As the line of running work counts them: what was kept was not to be done.
    const planned = stages.length - kept;
    const done = `${formatCount(planned - open.length)} of ${formatAmount(planned, 'stage')} done`;
    return [done, known === null ? unknown : `${known} left`].filter((part) => part !== null).join(', ');
  }
  if (open.length === 0) return `${formatAll(stages.length, 'stage is', 'stages are')} done and kept`;
  return [
    `${formatAmount(open.length, 'stage')} to do`,
    kept === 0 ? null : `${formatCount(kept)} kept from before`,
    known ?? unknown,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
