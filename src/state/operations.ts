import { type AppError, isAborted, toAppError } from '../errors.ts';
import type { Progress } from '../types.ts';
import { type Activity, activityStore, type Failure, type Screen } from './activity.ts';
import type { Entry } from './journal.ts';
import { recordError } from './last-errors.ts';
import { modelsStore } from './models.ts';
import { onEngineTrouble } from './session.ts';
import { settingsStore } from './settings.ts';
import { noticeTrouble } from './storage-trouble.ts';

let nextId = 1;

/** Screens are told of progress at most this often; the eye sees no more, and rendering costs time. */
const REPORT_EVERY_MS = 150;

export interface Operation {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
  /** Names what is being done now, where one operation has several stages. */
  stage(name: string, unit?: Activity['unit']): void;
}

/**
 * Runs one long operation: shows it on every screen with its progress and a way to cancel, and turns a failure into
 * a sentence on the screen where it happened. Resolves to whether it came to its end. `entry` is its line in the journal,
 * where it has one (see undertake.ts).
 */
export async function operate(
  screen: Screen,
  stage: string,
  unit: Activity['unit'],
  work: (operation: Operation) => Promise<void>,
  remedy: Failure['remedy'] = null,
  entry: Entry | null = null,
): Promise<boolean> {
  const controller = new AbortController();
  const signal = entry ? AbortSignal.any([controller.signal, entry.signal]) : controller.signal;
  const id = nextId++;
  const change = (part: Partial<Activity>) =>
    activityStore.setState(({ running }) => ({
      running: running.map((activity) => (activity.id === id ? { ...activity, ...part } : activity)),
    }));
  activityStore.setState(({ running, failures }) => ({
    running: [...running, { id, screen, stage, unit, progress: null, cancel: () => controller.abort() }],
    // A new attempt takes the place of what failed before on this screen.
    failures: failures.filter((failure) => failure.screen !== screen),
  }));
  entry?.stage(stage, unit);
  let reported = 0;
  try {
    await work({
      signal,
      report(progress) {
        const now = performance.now();
        if (now - reported < REPORT_EVERY_MS && progress.done < progress.total) return;
        reported = now;
        change({ progress });
        entry?.progress(progress);
      },
      stage(name, newUnit) {
        change({ stage: name, progress: null, ...(newUnit ? { unit: newUnit } : {}) });
        entry?.stage(name, newUnit);
      },
    });
    return true;
  } catch (error) {
    entry?.ended(isAborted(error) ? 'cancelled' : 'failed');
    if (!isAborted(error)) fail(screen, error, (remedy && withoutCard(toAppError(error), remedy.run)) ?? remedy);
    return false;
  } finally {
    activityStore.setState(({ running }) => ({ running: running.filter((activity) => activity.id !== id) }));
  }
}

/** Shows a failure on its screen; what concerns storing as a whole, on every screen. */
export function fail(screen: Screen, error: unknown, remedy: Failure['remedy'] = null): void {
  const known = recordError(toAppError(error));
  if (noticeTrouble(known)) return;
  const { message } = known;
  show({ id: nextId++, screen, tone: 'wrong', message, remedy });
}

/** Says on every screen what went otherwise than planned, while the work goes on. The same sentence is shown once. */
export function warn(error: AppError): void {
  const { message } = recordError(error);
  const { failures } = activityStore.getState();
  if (failures.some((known) => known.tone === 'warning' && known.message === message)) return;
  show({ id: nextId++, screen: null, tone: 'warning', message, remedy: null });
}

onEngineTrouble(warn);

function show(failure: Failure): void {
  activityStore.setState(({ failures }) => ({ failures: [...failures, failure] }));
}

/**
 * The button that goes on with WASM, where the graphics card failed: that is asked, since it is slower. Null where it is
 * not the card.
 */
export function withoutCard({ code }: AppError, again: () => void): Failure['remedy'] {
  const onCard = modelsStore.getState().engine?.kind === 'webgpu';
  if (!(onCard && (code === 'engine-lost' || code === 'engine-memory' || code === 'engine-unavailable'))) return null;
  const run = () => {
    settingsStore.setState({ wasmInstead: true });
    again();
  };
  return { label: 'Go on with WASM', run };
}
