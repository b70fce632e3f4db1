/** The best of what is embedded, by one press: chosen on validation, scored once on the test. */
import { type BestFound, findBest } from '../../core/best-model.ts';
import type { Step } from '../../core/context.ts';
import type { ChoiceStep } from '../../core/run-choice.ts';
import { createSetbacks } from '../../core/setbacks.ts';
import { AppError, isAborted } from '../../errors.ts';
import { noteChosen } from '../../storage/runs.ts';
import type { Progress } from '../../types.ts';
import { context, database } from '../context.ts';
import { openSubject } from '../dataset/session.ts';
import { type JobContext, jobs, type StartedJob } from '../jobs/jobs.ts';
import { embeddedRows } from '../models/models.ts';
import { refreshModels } from '../models/rows.ts';
import type { Workspace } from '../workspace.ts';
import { evaluate, runId, subjectDigest } from './runs.ts';

/**
 * Tries members, combinations and rankings for top-k accuracy, within a time budget in milliseconds. Heads are trained where
 * they are not there, and kept. Resolves to whether it came to its end.
 */
export async function chooseBest(workspace: Workspace, k: number, budgetMs: number): Promise<boolean> {
  const { dataset } = workspace.dataset.getState();
  if (!dataset) return false;
  const finished = await jobs.start({ kind: 'best', datasetId: dataset.id, k, budgetMs }, (started) =>
    choose(workspace, k, budgetMs, started),
  );
  await workspace.catchUp.settled();
  return finished;
}

async function choose(workspace: Workspace, k: number, budgetMs: number, { run }: StartedJob): Promise<boolean> {
  const { comparison } = workspace;
  const remedy = { label: 'Try again', run: () => void chooseBest(workspace, k, budgetMs) };
  const before = comparison.getState().best;
  const path: ChoiceStep[] = [];
  let failed = false;
  const subject = await subjectDigest(workspace.dataset.getState().images);
  const show = (state: 'running' | 'done' | 'stopped', found: BestFound | null) =>
    comparison.setState({
      best: { k, state, path: [...path], found, runId: winnerOf(path), subject, outdated: false },
    });
  show('running', null);
  const finished = await run({ stage: 'Choosing the best model', unit: 'models', remedy }, async (job) => {
    const judged = openSubject(workspace);
    const weightsIds = await candidates(workspace);
    const request = { weightsIds, k, recipe: comparison.getState().recipe, open: 'auto', budgetMs } as const;
    const setbacks = createSetbacks();
    const found = await findBest(context, judged, request, untilThen(job, budgetMs), setbacks, (step) => {
      path.push(step);
      show('running', null);
    }).catch((error: unknown) => {
      failed = !isAborted(error);
      throw error;
    });
    const winner = found.path.at(-1);
    if (winner && !comparison.getState().runs.some(({ id }) => id === runId(winner.choice))) {
      job.stage(`Scoring ${winner.label}`, 'images');
      await evaluate(winner.choice, judged.images, job.signal);
    }
    if (winner) {
      await noteChosen(database, judged.datasetId, runId(winner.choice), { ...found, k, chosenAt: Date.now() });
      context.changes.tell({ kind: 'results', datasetId: judged.datasetId });
    }
    show('done', found);
    const setback = setbacks.error('The choice was made among the others.');
    if (setback) throw setback;
  });
  if (comparison.getState().best?.state === 'running') {
    // The failure says itself why nothing was found; and what was found before is not lost to a choice that was stopped.
    if ((failed && path.length === 0) || before?.state === 'done') comparison.setState({ best: before });
    else show('stopped', null);
  }
  return finished;
}

function winnerOf(path: readonly ChoiceStep[]): string | null {
  const last = path.at(-1);
  return last ? runId(last.choice) : null;
}

/** Sets of weights that every image is embedded with, the descriptor among them. */
async function candidates(workspace: Workspace): Promise<string[]> {
  if (!workspace.models.getState().counted) await refreshModels(workspace);
  const { length } = workspace.dataset.getState().images;
  const embedded = embeddedRows(workspace.models.getState().rows, length);
  if (embedded.length === 0) {
    throw new AppError('bad-argument', 'No model has all images embedded yet. Embed one on the models screen first.');
  }
  return embedded.map(({ weights }) => weights.id);
}

/** Shows how many models were tried, and the time that is left at most: the epochs of one head say nothing of the end. */
function untilThen(job: JobContext, budgetMs: number): Step {
  const end = performance.now() + budgetMs;
  let counted: Pick<Progress, 'done' | 'total'> | null = null;
  let unit = 'models';
  const say = () => {
    const secondsLeft = Math.max(0, end - performance.now()) / 1000;
    if (counted) job.report({ ...counted, rate: null, secondsLeft });
  };
  return {
    signal: job.signal,
    stage(name, counts) {
      unit = counts ?? unit;
      job.stage(name, 'models');
      say();
    },
    report({ done, total }) {
      if (unit === 'models') counted = { done, total };
      say();
    },
  };
}
