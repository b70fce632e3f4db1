import { entryKey, lockOf, type Task } from './tasks.ts';

/** What this tab works on now. */
const underway = new Map<string, Work>();

interface Work {
  readonly lock: string;
  /** Equal texts, equal tasks. */
  readonly content: string;
  readonly controller: AbortController;
  readonly ended: Promise<boolean>;
}

const nameOf = (task: Task): string => {
  const { datasetId, task: name } = entryKey(task);
  return `${datasetId} ${name}`;
};

export const isUnderway = (task: Task): boolean => underway.has(nameOf(task));

/**
 * Begins the task, unless it is under way: whoever asks for the very same waits for the same end; the same kind of work
 * on something else begins after that.
 */
export function beginOnce(task: Task, work: (signal: AbortSignal) => Promise<boolean>): Promise<boolean> {
  const name = nameOf(task);
  const content = JSON.stringify(task);
  const before = underway.get(name);
  if (before?.content === content) return before.ended;
  const controller = new AbortController();
  const begin = () => work(controller.signal);
  const ended = (before ? before.ended.then(begin, begin) : begin()).finally(() => {
    if (underway.get(name)?.controller === controller) underway.delete(name);
  });
  underway.set(name, { lock: lockOf(task), content, controller, ended });
  return ended;
}

/** Stops all work under this lock without calling it cancelled: another tab goes on with it. */
export function leaveToAnotherTab(lock: string): void {
  for (const work of underway.values()) if (work.lock === lock) work.controller.abort();
}
