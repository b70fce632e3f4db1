import { fetchWeights } from '../../core/embed.ts';
import { epochWork, type PlannedStage, planStages, trainingMs, type WantedRuns, wantedAgain } from '../../core/plan.ts';
import { trainedTogether } from '../../core/run.ts';
import { trainingName } from '../../core/run-name.ts';
import { doneOneByOne } from '../../core/setbacks.ts';
import { trainHeads } from '../../core/train-heads.ts';
import { AppError, aborted, isAborted } from '../../errors.ts';
import type { EpochReport, TrainingResult } from '../../heads/training.ts';
import type { ImageRecord, Progress } from '../../types.ts';
import { context } from '../context.ts';
import { readFirst } from '../dataset/read.ts';
import { openSubject } from '../dataset/session.ts';
import { type JobContext, jobs, type StartedJob } from '../jobs/jobs.ts';
import { embedWith } from '../models/embed.ts';
import { keepTrainingRates, noteTrainingRate, trainingRate } from '../models/rates.ts';
import { cachedWeights, findWeightsById } from '../models/weights.ts';
import { markSeen } from '../settings/show-path.ts';
import type { Workspace } from '../workspace.ts';
import type { RunChoice, Stage, TrainingView } from './comparison.ts';
import { currentRuns, possibleRuns, speedsOf } from './plan.ts';
import { rescore } from './rescore.ts';
import { evaluate, runId, runOf } from './runs.ts';
import { createTrainingProgress } from './training-progress.ts';

const UNITS = { download: 'bytes', embed: 'images', train: 'epochs', evaluate: 'images' } as const;

/** Milliseconds spent on a weight set's features and on a run's heads in this comparison, for the report. */
interface Spent {
  readonly extractMs: Map<string, { ms: number; imagesPerSecond: number }>;
  readonly trainMs: Map<string, number>;
}

/** Carries out the plan; what is done already is not done again. Resolves to whether it came to its end. */
export async function runComparison(workspace: Workspace, wanted: WantedRuns = wantedNow(workspace)): Promise<boolean> {
  const { dataset } = workspace.dataset.getState();
  if (!dataset || workspace.comparison.getState().running) return false;
  const finished = await jobs.start(
    { kind: 'compare', datasetId: dataset.id, wanted },
    async (started) => (await readFirst(workspace, 'compare')) && compare(workspace, wanted, started),
  );
  if (finished) markSeen(workspace, 'comparison');
  await workspace.catchUp.settled();
  return finished;
}

/** The plan as it is ticked now: later changes of it are for the next comparison. */
function wantedNow(workspace: Workspace): WantedRuns {
  const { singles, ensembles, recipe, seeds } = workspace.comparison.getState();
  return { singles, ensembles, recipe, seeds };
}

async function compare(workspace: Workspace, wanted: WantedRuns, { run }: StartedJob): Promise<boolean> {
  const { images } = workspace.dataset.getState();
  // From storage: what is shown may be of labels that have just changed.
  const done = new Set((await currentRuns(workspace)).map(({ choice }) => runId(choice)));
  const runs = possibleRuns(workspace, wanted);
  const stages = await planStages(context, runs, openSubject(workspace), done, speedsOf(workspace));
  workspace.comparison.setState({ stages, running: true });
  const spent: Spent = { extractMs: new Map(), trainMs: new Map() };
  const remedy = { label: 'Go on', run: () => void runComparison(workspace, wanted) };
  const finished = await run({ stage: 'Comparing models', unit: 'images', remedy }, async (job) => {
    const open = stages.filter(({ state }) => state !== 'kept');
    const pieces = open.map((stage) => ({ ...stage, name: nameOf(stage) }));
    await doneOneByOne(pieces, async (stage, at) => {
      const after = open.slice(at + 1);
      const estimate = () => {
        const secondsAfter = secondsOf(estimatedAgain(workspace, after));
        job.part({ noun: 'stage', number: at + 1, of: open.length, secondsAfter });
      };
      estimate();
      await carryOut(workspace, stage, images, job, spent, estimate);
    });
  });
  workspace.comparison.setState({ running: false });
  return finished;
}

/** The model that a stage is of, as failures name it. */
const nameOf = ({ weightsId, label }: PlannedStage): string =>
  (weightsId === null ? null : findWeightsById(weightsId)?.label) ?? label;

/** What the trainings among these stages take by what has been measured since they were planned. */
function estimatedAgain(workspace: Workspace, stages: readonly PlannedStage[]): readonly Pick<Stage, 'estimateMs'>[] {
  const estimates = new Map(
    stages.map(({ id, kind, work, estimateMs }) => [
      id,
      { estimateMs: kind === 'train' ? trainingMs(work, trainingRate()) : estimateMs },
    ]),
  );
  workspace.comparison.setState((state) => ({
    stages: state.stages.map((stage) => ({ ...stage, ...estimates.get(stage.id) })),
  }));
  return [...estimates.values()];
}

/** Null where the time of one of them is unknown. */
function secondsOf(stages: readonly Pick<Stage, 'estimateMs'>[]): number | null {
  let sum = 0;
  for (const { estimateMs } of stages) {
    if (estimateMs === null) return null;
    sum += estimateMs / 1000;
  }
  return sum;
}

function changeStage(workspace: Workspace, id: string, part: Partial<Stage>): void {
  workspace.comparison.setState(({ stages }) => ({
    stages: stages.map((stage) => (stage.id === id ? { ...stage, ...part } : stage)),
  }));
}

async function carryOut(
  workspace: Workspace,
  stage: PlannedStage,
  images: readonly ImageRecord[],
  job: JobContext,
  spent: Spent,
  estimate: () => void,
): Promise<void> {
  let reported = false;
  const shown: JobContext = {
    ...job,
    report(progress: Progress) {
      job.report(progress);
      changeStage(workspace, stage.id, { progress });
      // The first epoch that was measured tells how long other trainings take.
      if (stage.kind === 'train' && !reported) estimate();
      reported = true;
    },
  };
  changeStage(workspace, stage.id, { state: 'running' });
  job.stage(stage.label, UNITS[stage.kind]);
  try {
    const start = performance.now();
    await workOf(workspace, stage, images, shown, spent);
    changeStage(workspace, stage.id, { state: 'done', tookMs: performance.now() - start });
  } catch (error) {
    changeStage(workspace, stage.id, { state: isAborted(error) ? 'cancelled' : 'failed' });
    throw error;
  }
}

async function workOf(
  workspace: Workspace,
  { kind, weightsId, choice, group }: PlannedStage,
  images: readonly ImageRecord[],
  job: JobContext,
  spent: Spent,
): Promise<void> {
  const weights = weightsId === null ? null : findWeightsById(weightsId);
  if (kind === 'download' && weights) {
    if (!cachedWeights(weights.id)) await fetchWeights(context, weights, job);
  } else if (kind === 'embed' && weights) {
    const result = await embedWith(workspace, weights, images, job);
    if (result) {
      spent.extractMs.set(weights.id, { ms: result.elapsedMs, imagesPerSecond: result.imagesPerSecond });
    }
  } else if (kind === 'train' && choice) {
    const start = performance.now();
    await train(workspace, choice, group, images, job);
    const before = spent.trainMs.get(runId(choice)) ?? 0;
    spent.trainMs.set(runId(choice), before + performance.now() - start);
  } else if (kind === 'evaluate' && choice) {
    const extractions = choice.members.flatMap((member) => spent.extractMs.get(member.weightsId) ?? []);
    await evaluate(choice, images, job.signal, {
      extractMs: extractions.reduce((sum, { ms }) => sum + ms, 0),
      imagesPerSecond: extractions[0]?.imagesPerSecond ?? null,
      trainMs: spent.trainMs.get(runId(choice)) ?? 0,
    });
  }
}

/** Trains one group of the run's heads, watched epoch by epoch. */
export async function train(
  workspace: Workspace,
  choice: RunChoice,
  group: number,
  images: readonly ImageRecord[],
  { signal, report, stage }: Pick<JobContext, 'signal' | 'report' | 'stage'>,
): Promise<TrainingResult> {
  if (signal.aborted) throw aborted();
  const run = await runOf(choice, images);
  const members = run && trainedTogether(run)[group];
  if (!run || !members) throw new AppError('weights-missing', 'The weights of this model are not there.');
  const label = trainingName(context.weights, members, choice.recipe);
  const view: TrainingView = { label, reports: [], ended: null };
  const show = (next: (trainings: readonly TrainingView[]) => TrainingView[]) => {
    workspace.comparison.setState(({ trainings }) => ({ trainings: next(trainings) }));
  };
  show((trainings) => [...trainings, view]);
  const change = (part: Partial<TrainingView>) =>
    show((trainings) => [...trainings.slice(0, -1), { ...(trainings.at(-1) ?? view), ...part }]);
  const following = createTrainingProgress(label, choice.recipe);
  const work = epochWork(
    images,
    members.map(({ dimensions }) => dimensions),
  );
  const reports: EpochReport[] = [];
  try {
    const result = await trainHeads(context, run, members, signal, (epoch) => {
      reports.push(epoch);
      change({ reports: [...reports] });
      const { starts, progress, measured } = following.reach(epoch);
      if (starts !== null) stage(starts, 'epochs');
      noteTrainingRate(work * measured.epochs, measured.milliseconds);
      report(progress);
    });
    change({ reports: result.history, ended: result.ended });
    return result;
  } catch (error) {
    // Else it would be shown as under way until the next training begins.
    change({ ended: 'interrupted' });
    throw error;
  } finally {
    if (reports.length > 0) keepTrainingRates();
  }
}

/** Makes the results again that were made with other labels or images; the plan as it is ticked stays. */
export async function runOutdated(workspace: Workspace): Promise<void> {
  for (const wanted of wantedAgain(workspace.comparison.getState().outdated)) {
    if (!(await runComparison(workspace, wanted))) return;
  }
  // Other rankings of what is there again.
  await rescore(workspace);
  workspace.catchUp.touch(['comparison']);
  await workspace.catchUp.settled(['comparison']);
}
