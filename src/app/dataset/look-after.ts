import { runOf } from '../../core/chosen-run.ts';
import { type CareReport, careOf } from '../../core/data-care.ts';
import { frozenChoice } from '../../core/run-choice.ts';
import { AppError } from '../../errors.ts';
import { defaultRecipe } from '../../heads/recipe.ts';
import { context } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import { openSubject } from './session.ts';

/** Looks for near-duplicates, likely wrong labels and outliers by what is embedded with these weights. */
export async function lookAfter(workspace: Workspace, weightsId: string): Promise<void> {
  if (workspace.care.getState().status === 'working') return;
  workspace.care.setState({ status: 'working' });
  let report: CareReport | null = null;
  await jobs.run({ screen: 'data', stage: 'Comparing all images', unit: 'images' }, async (step) => {
    const run = await runOf(context, frozenChoice(weightsId, defaultRecipe('cosine')), openSubject(workspace));
    if (!run || run.images.length < 2) {
      throw new AppError(
        'dataset-unusable',
        'Nothing is embedded with this model. Embed the images on the models screen.',
      );
    }
    report = await careOf(context, run, { ...step, signal: AbortSignal.any([step.signal, workspace.closed]) });
  });
  workspace.care.setState(
    report ? { status: 'done', weightsId, report } : ({ report: before }) => ({ status: before ? 'done' : 'none' }),
  );
}
