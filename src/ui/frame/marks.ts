/** The state of each screen, as the rail shows it: never by colour alone, and in words for screen readers. */
import type { DatasetState } from '../../app/dataset/dataset.ts';
import { type JobsState, jobs, type Screen } from '../../app/jobs/jobs.ts';
import type { ModelsState } from '../../app/models/models.ts';
import type { StepName } from '../../app/settings/path.ts';
import { wholePercent } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import { shareOf } from './job-words.ts';
import { useSteps } from './use-steps.ts';

export type MarkKind = 'none' | 'empty' | 'ready' | 'running' | 'done' | 'attention';

export interface Mark {
  readonly kind: MarkKind;
  /** Whole per cent while running; null while not known. */
  readonly percent: number | null;
  /** What follows the screen's name for screen readers; empty where there is nothing to say. */
  readonly words: string;
}

/** Images of the current data set, read or not. */
export function datasetSize({ dataset }: DatasetState): number {
  return dataset === null ? 0 : dataset.counts.training + dataset.counts.query + dataset.counts.gallery;
}

/** -1: nothing runs there; -2: something runs whose share is not known yet. A number, so that React can compare it. */
function runningPercent({ running }: JobsState, screen: Screen): number {
  const here = running.filter((job) => job.screen === screen);
  if (here.length === 0) return -1;
  const shares = here.flatMap((job) => shareOf(job) ?? []);
  return shares.length === 0 ? -2 : wholePercent(shares.reduce((sum, share) => sum + share, 0) / shares.length);
}

function useMark(screen: Screen, rest: MarkKind, words: string): Mark {
  const percent = useStore(jobs.store, (state) => runningPercent(state, screen));
  const failed = useStore(jobs.store, (state) => state.failures.some((failure) => failure.screen === screen));
  if (failed) return { kind: 'attention', percent: null, words: 'needs attention' };
  if (percent === -2) return { kind: 'running', percent: null, words: 'running' };
  if (percent >= 0) return { kind: 'running', percent, words: `running, ${percent} %` };
  return { kind: rest, percent: null, words };
}

/** As the strip of steps has it: rail and strip never disagree about what is done. */
function useStepDone(step: StepName): boolean {
  return useSteps()?.some(({ name, done }) => name === step && done) ?? false;
}

function dataKind(state: DatasetState): MarkKind {
  if (state.dataset === null) return 'empty';
  const images = datasetSize(state);
  if (images > 0 && state.dataset.read >= images) return 'done';
  return state.files === 'here' ? 'ready' : 'attention';
}

const dataWords: Record<MarkKind, string> = {
  none: '',
  empty: 'empty',
  ready: 'ready',
  running: '',
  done: 'all images read',
  attention: 'needs attention',
};

export function useDataMark(): Mark {
  const kind = useStore(useWorkspace().dataset, dataKind);
  return useMark('data', kind, dataWords[kind]);
}

function tickedEmbedded({ rows }: ModelsState, images: number): boolean {
  const ticked = rows.filter((row) => row.ticked);
  return ticked.length > 0 && ticked.every((row) => row.embedded >= images);
}

export function useModelsMark(): Mark {
  const images = useStore(useWorkspace().dataset, datasetSize);
  const all = useStore(useWorkspace().models, (state) => tickedEmbedded(state, images));
  const one = useStepDone('models');
  const [kind, words] =
    images === 0
      ? (['empty', 'waits for a data set'] as const)
      : all
        ? (['done', 'ticked models embedded'] as const)
        : one
          ? (['done', 'a model embedded'] as const)
          : (['ready', 'ready'] as const);
  return useMark('models', kind, words);
}

export function useComparisonMark(): Mark {
  const images = useStore(useWorkspace().dataset, datasetSize);
  const compared = useStepDone('comparison');
  const outdated = useStore(useWorkspace().comparison, (state) => state.outdated.length > 0);
  const kind = images === 0 ? 'empty' : outdated ? 'attention' : compared ? 'done' : 'ready';
  const words = {
    empty: 'waits for a data set',
    attention: 'some results no longer count',
    done: 'compared',
    ready: 'ready',
  }[kind];
  return useMark('comparison', kind, words);
}

export function useSearchMark(): Mark {
  const ready = useStore(useWorkspace().search, (state) => state.runId !== null);
  const done = useStepDone('search');
  return useMark('search', ...lookedAt(done, ready, 'waits for an embedded model'));
}

export function useDashboardMark(): Mark {
  const ready = useStore(useWorkspace().comparison, ({ runs }) => runs.length > 0);
  const done = useStepDone('dashboard');
  return useMark('dashboard', ...lookedAt(done, ready, 'waits for a run'));
}

/** The mark of a screen that is done once there was something to see on it. */
function lookedAt(done: boolean, ready: boolean, waits: string): readonly [kind: MarkKind, words: string] {
  if (done) return ['done', 'done'];
  return ready ? ['ready', 'ready'] : ['empty', waits];
}

export function useSettingsMark(): Mark {
  return useMark('settings', 'none', '');
}
