import * as v from 'valibot';
import { isMetricKey, type MetricKey } from '../../metrics/registry.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import { database } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import type { DashboardState } from './dashboard.ts';

const KEY = 'leaderboard columns';

const metricKey = v.custom<MetricKey>((key) => typeof key === 'string' && isMetricKey(key));
const schema = v.object({ columns: v.nullable(v.pipe(v.array(metricKey), v.maxLength(50))), macro: v.boolean() });

export type LeaderboardColumns = Pick<DashboardState, 'columns' | 'macro'>;

/** The columns as they were last chosen, on any data set. */
export async function storedColumns(): Promise<Partial<LeaderboardColumns>> {
  return (await getSetting(database, KEY, schema)) ?? {};
}

/** Shows other columns, and remembers them. */
export async function setColumns(workspace: Workspace, change: Partial<LeaderboardColumns>): Promise<void> {
  workspace.dashboard.setState(change);
  const { columns, macro } = workspace.dashboard.getState();
  try {
    await putSetting(database, KEY, { columns, macro });
  } catch (error) {
    jobs.fail('dashboard', error);
  }
}
