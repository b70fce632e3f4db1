import type { Activity } from './activity.ts';

/** An activity as one line of plain text, for the headless runner. */
export function activityLine({ stage, unit, progress }: Activity): string {
  if (!progress) return stage;
  const { done, total, rate, secondsLeft } = progress;
  const parts = [`${stage}: ${done} of ${total} ${unit}`];
  if (rate !== null) parts.push(`${rate.toPrecision(2)}/s`);
  if (secondsLeft !== null) parts.push(`${Math.ceil(secondsLeft)} s left`);
  return parts.join(', ');
}
