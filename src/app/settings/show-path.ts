import * as v from 'valibot';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import { type NotedStep, pathStore, seenName } from './path.ts';

const KEY = 'path';
/** The latest data sets; somebody with more needs no guide. */
const MOST_SEEN = 100;
const path = v.object({ hidden: v.boolean(), seen: v.array(v.string()) });

/** Reads what was seen and whether the steps are shown; called once at start. */
export async function restorePath(): Promise<void> {
  const stored = await getSetting(database, KEY, path);
  if (stored) pathStore.setState(stored);
}

/** A comparison came to its end, or a screen was looked at with something to see on it. */
export function markSeen(workspace: Workspace, step: NotedStep): void {
  const { dataset } = workspace.dataset.getState();
  const { seen } = pathStore.getState();
  if (!dataset || seen.includes(seenName(dataset.id, step))) return;
  change({ seen: [...seen, seenName(dataset.id, step)].slice(-MOST_SEEN) });
}

export function showPath(shown: boolean): void {
  change({ hidden: !shown });
}

function change(part: Partial<v.InferOutput<typeof path>>): void {
  pathStore.setState(part);
  const { hidden, seen } = pathStore.getState();
  putSetting(database, KEY, { hidden, seen: [...seen] }).catch((error) => jobs.fail('settings', error));
}
