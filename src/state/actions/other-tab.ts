import { AppError } from '../../errors.ts';
import { type Activity, activityStore, type Screen } from '../activity.ts';
import { datasetStore } from '../datasets.ts';
import { workNeedsFiles } from '../interrupted.ts';
import { fail } from '../operations.ts';
import { otherTabStore } from '../other-tab.ts';
import { onTabMessage, type TabMessage, tellTabs } from '../tab-channel.ts';
import { leaveToAnotherTab } from '../underway.ts';
import { heldElsewhere, holdInTurn, holds, watchLocks } from '../work-locks.ts';
import { reopenDataset } from './datasets.ts';
import { continueInterrupted } from './interrupted.ts';
import { allowReading } from './open-data.ts';
import { refreshScreens } from './refresh.ts';

/** Other tabs are told of progress this often. */
const TELL_EVERY_MS = 500;
/** A tab that crashes says nothing: whether it still has the lock is asked this often. */
const LOOK_EVERY_MS = 1000;

/** Work whose results are stored; search and figures are each tab's own. */
const SHARED: readonly Screen[] = ['data', 'models', 'comparison'];

const openId = (): string | null => datasetStore.getState().dataset?.id ?? null;

/** From now on this tab tells the others what it works on, and shows what they do; called once at start. */
export function watchOtherTabs(): void {
  watchLocks((what, event) => {
    if (event === 'held') tellWhileHeld(what);
    else if (event === 'let-go') tellTabs({ kind: 'ended', datasetId: what });
    // Taken from this tab, which was frozen and has woken up.
    else leaveToAnotherTab(what);
  });
  onTabMessage((message) => void hear(message));
  let shown = openId();
  datasetStore.subscribe(() => {
    if (openId() === shown) return;
    shown = openId();
    otherTabStore.setState({ working: null });
    void lookForOtherTab();
  });
  void lookForOtherTab();
}

function tellWhileHeld(datasetId: string): void {
  let told = 0;
  const tell = () => {
    if (!holds(datasetId)) return stop();
    told = performance.now();
    tellTabs({ kind: 'working', datasetId, activities: sharedActivities() });
  };
  const stop = activityStore.subscribe(() => {
    if (performance.now() - told >= TELL_EVERY_MS) tell();
  });
  tell();
}

const sharedActivities = () =>
  activityStore
    .getState()
    .running.filter(({ screen }) => SHARED.includes(screen))
    .map(({ stage, unit, progress }: Activity) => ({ stage, unit, progress }));

async function hear(message: TabMessage): Promise<void> {
  const { datasetId } = message;
  if (message.kind === 'asked' && holds(datasetId)) {
    tellTabs({ kind: 'working', datasetId, activities: sharedActivities() });
  } else if (message.kind === 'let-go') leaveToAnotherTab(datasetId);
  else if (datasetId !== openId() || holds(datasetId)) return;
  else if (message.kind === 'working') show(message.activities);
  else if (message.kind === 'ended') await otherTabEnded();
}

/** Finds out whether another tab works on the data set that was opened here. */
async function lookForOtherTab(): Promise<void> {
  const id = openId();
  if (id === null || !(await heldElsewhere(id)) || id !== openId()) return;
  show([]);
  tellTabs({ kind: 'asked', datasetId: id });
}

let looking: ReturnType<typeof setInterval> | null = null;

function show(working: NonNullable<ReturnType<typeof otherTabStore.getState>['working']>): void {
  otherTabStore.setState({ working });
  looking ??= setInterval(() => void look(), LOOK_EVERY_MS);
}

async function look(): Promise<void> {
  const id = openId();
  const { working, takingOver } = otherTabStore.getState();
  if (working !== null && id !== null && ((await heldElsewhere(id)) || takingOver)) return;
  if (working !== null && openId() === id) await otherTabEnded();
}

/** What is stored may be more than what is shown. */
async function otherTabEnded(): Promise<void> {
  if (looking !== null) clearInterval(looking);
  looking = null;
  if (otherTabStore.getState().takingOver) return;
  otherTabStore.setState({ working: null });
  try {
    await reopenDataset();
    await refreshScreens();
  } catch (error) {
    fail('data', error);
  }
}

/** The other tab stops after its batch, and this one goes on with what it has begun. */
export async function takeOver(): Promise<void> {
  const id = openId();
  if (id === null || otherTabStore.getState().takingOver) return;
  otherTabStore.setState({ takingOver: true });
  let release = () => {};
  try {
    // Permission first: it can be asked for only while the press of the button is fresh.
    if ((await workNeedsFiles(id)) && !(await allowReading())) {
      throw new AppError(
        'files-gone',
        'The other tab reads images, and this one has no access to their folder. Nothing was changed there. Drop the folder here, then take over.',
      );
    }
    tellTabs({ kind: 'let-go', datasetId: id });
    release = await holdInTurn(id);
    otherTabStore.setState({ working: null });
    await reopenDataset();
    await refreshScreens();
    otherTabStore.setState({ takingOver: false });
    await continueInterrupted();
  } catch (error) {
    fail('data', error);
  } finally {
    otherTabStore.setState({ takingOver: false });
    release();
  }
}
