import * as v from 'valibot';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Locks } from './locks.ts';
import type { RunningJob } from './runner.ts';

const remoteJobSchema = v.object({
  stage: v.string(),
  unit: v.string(),
  progress: v.nullable(
    v.object({
      done: v.number(),
      total: v.number(),
      rate: v.nullable(v.number()),
      secondsLeft: v.nullable(v.number()),
      atMost: v.exactOptional(v.literal(true)),
    }),
  ),
  part: v.optional(
    v.nullable(
      v.object({ noun: v.string(), number: v.number(), of: v.number(), secondsAfter: v.nullable(v.number()) }),
    ),
    // A tab with an earlier version of the app tells of none.
    null,
  ),
});
/** A job of another tab, as it tells of it. */
export type RemoteJob = Readonly<v.InferOutput<typeof remoteJobSchema>>;

/** What tabs tell each other. */
const messageSchema = v.variant('kind', [
  /** I work under this lock, and am here. */
  v.object({ kind: v.literal('working'), lock: v.string(), jobs: v.array(remoteJobSchema) }),
  /** I no longer work under it; what is stored may have changed. */
  v.object({ kind: v.literal('ended'), lock: v.string() }),
  /** Who works under it? */
  v.object({ kind: v.literal('asked'), lock: v.string() }),
  /** Leave it to me. */
  v.object({ kind: v.literal('let-go'), lock: v.string() }),
]);
type Message = v.InferOutput<typeof messageSchema>;

export interface OtherTabState {
  /** What another tab does in the shown scope; null where none works there, empty until it has said. */
  readonly working: readonly RemoteJob[] | null;
  /** This tab waits for the other one to let go. */
  readonly takingOver: boolean;
}

/** What taking over needs of those who know what is stored. */
export interface TakeOverSteps {
  /** Asks the user for what the other tab's jobs need here, as access to files; rejects where it is not given. */
  obtainInput(): Promise<void>;
  /** Shows what is stored by now. */
  reload(): Promise<void>;
  /** Resumes what the other tab has left. */
  resume(): Promise<void>;
}

export interface OtherTabOptions<Job> {
  /** Name of the channel on which tabs speak. */
  readonly channel: string;
  readonly locks: Locks;
  /** The scope that is shown, which is also the name of its lock. */
  shownScope(): string | null;
  /** Jobs of this tab that run under a lock. */
  runningUnder(lock: string): readonly RunningJob<Job, unknown>[];
  /** Calls back at every change of what runs. */
  onProgress(listener: () => void): void;
  /** Stops work under the lock without calling it cancelled. */
  leave(lock: string): void;
  /** Whether the jobs of the shown scope need something of the user's. */
  needsInput(): Promise<boolean>;
  /** Another tab has stopped working in the shown scope: what is stored may be more than what is shown. */
  onEndedElsewhere(scope: string): void;
}

/** Other tabs are told of progress this often. */
const TELL_EVERY_MS = 500;
/** A tab that crashes says nothing: whether it still has the lock is asked this often. */
const LOOK_EVERY_MS = 1000;

/** Tells other tabs of the browser what this one works on, shows what they do, and takes over from them. */
export function createOtherTab<Job>(options: OtherTabOptions<Job>) {
  const { locks, shownScope, runningUnder, leave } = options;
  const store: StoreApi<OtherTabState> = createStore<OtherTabState>()(() => ({ working: null, takingOver: false }));
  /** When this tab last told the others about each lock that it holds. */
  const told = new Map<string, number>();
  let channel: BroadcastChannel | null = null;
  let looking: ReturnType<typeof setInterval> | null = null;

  locks.on(({ kind, lock }) => {
    if (kind === 'held') tellOf(lock);
    else told.delete(lock);
    if (kind === 'freed') tell({ kind: 'ended', lock });
    // Taken from this tab, which was frozen and has woken up.
    if (kind === 'lost') leave(lock);
  });
  options.onProgress(() => {
    const now = performance.now();
    for (const [lock, at] of told) if (now - at >= TELL_EVERY_MS) tellOf(lock);
  });

  function connected(): BroadcastChannel {
    if (channel) return channel;
    channel = new BroadcastChannel(options.channel);
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      // A tab with another version of the app may say other things.
      const parsed = v.safeParse(messageSchema, data);
      if (parsed.success) hear(parsed.output);
    });
    return channel;
  }

  const tell = (message: Message): void => connected().postMessage(message);

  function tellOf(lock: string): void {
    told.set(lock, performance.now());
    const jobs = runningUnder(lock).map(({ stage, unit, progress, part }) => ({ stage, unit, progress, part }));
    tell({ kind: 'working', lock, jobs });
  }

  function hear(message: Message): void {
    const { kind, lock } = message;
    if (kind === 'asked' && locks.holds(lock)) tellOf(lock);
    else if (kind === 'let-go') leave(lock);
    else if (lock !== shownScope() || locks.holds(lock)) return;
    else if (kind === 'working') show(message.jobs);
    else if (kind === 'ended') otherTabEnded(lock);
  }

  /** Finds out whether another tab works in the scope that is shown from now on. */
  async function look(): Promise<void> {
    const scope = shownScope();
    store.setState({ working: null });
    connected();
    if (scope === null || !(await locks.heldElsewhere(scope)) || scope !== shownScope()) return;
    show([]);
    tell({ kind: 'asked', lock: scope });
  }

  function show(working: readonly RemoteJob[]): void {
    store.setState({ working });
    looking ??= setInterval(() => void lookAgain(), LOOK_EVERY_MS);
  }

  async function lookAgain(): Promise<void> {
    const scope = shownScope();
    if (store.getState().working === null || scope === null) return lookNoMore();
    if ((await locks.heldElsewhere(scope)) || store.getState().takingOver || scope !== shownScope()) return;
    // Meanwhile it may have said so itself.
    if (store.getState().working !== null) otherTabEnded(scope);
  }

  function lookNoMore(): void {
    if (looking !== null) clearInterval(looking);
    looking = null;
  }

  function otherTabEnded(scope: string): void {
    lookNoMore();
    if (store.getState().takingOver) return;
    store.setState({ working: null });
    options.onEndedElsewhere(scope);
  }

  /** The other tab stops after its batch, and this one resumes what it has started. Rejects where it could not. */
  async function takeOver({ obtainInput, reload, resume }: TakeOverSteps): Promise<void> {
    const scope = shownScope();
    if (scope === null || store.getState().takingOver) return;
    store.setState({ takingOver: true });
    let release = () => {};
    try {
      // First: it can be asked for only while the press of the button is fresh.
      if (await options.needsInput()) await obtainInput();
      tell({ kind: 'let-go', lock: scope });
      release = await locks.holdInTurn(scope);
      store.setState({ working: null });
      await reload();
      store.setState({ takingOver: false });
      await resume();
    } finally {
      store.setState({ takingOver: false });
      release();
    }
  }

  return {
    store,
    look,
    takeOver,
    close(): void {
      lookNoMore();
      channel?.close();
      channel = null;
    },
  };
}
