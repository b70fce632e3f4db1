import type { WeightSet } from '../../core/weight-sets.ts';
import * as client from '../../core/weights-files.ts';
import { AppError, isAborted, toAppError } from '../../errors.ts';
import { weightsContradiction } from '../../models/named-network.ts';
import { isArchitecture } from '../../models/specs/architectures.ts';
import { numeralOf } from '../../numerals.ts';
import { context } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';

/** A dropped model.safetensors, with its config.json where it was dropped too; of a file of another kind it is said what it is. */
export async function importWeights(workspace: Workspace, files: readonly File[]): Promise<void> {
  const named = (ending: RegExp) => files.find(({ name }) => ending.test(name));
  const config = named(/(?<!\.index)\.json$/i) ?? null;
  const file = named(/\.safetensors$/i) ?? files.find((other) => other !== config) ?? config;
  if (file) await importSets(workspace, [{ path: file.name, open: async () => file, openConfig: async () => config }]);
}

/** Imports one after the other; what cannot be used is said once all were tried. */
export async function importSets(workspace: Workspace, sets: readonly WeightSet[]): Promise<void> {
  const stage = `Importing ${sets[0]?.path ?? ''}`;
  await jobs.run({ screen: 'models', stage, unit: 'bytes' }, async (job) => {
    const refused: AppError[] = [];
    for (const { path, open, openConfig } of sets) {
      try {
        const file = await open();
        job.stage(`Importing ${path}`);
        const onProgress = (done: number) => job.report({ done, total: file.size, rate: null, secondsLeft: null });
        const imported = await client.importWeights(context, file, await openConfig(), job.signal, onProgress);
        await context.weights.add(imported);
        context.changes.tell({ kind: 'weights' });
        const contradiction = isArchitecture(imported.architecture)
          ? weightsContradiction(path, imported.architecture)
          : null;
        if (contradiction !== null) jobs.warn(new AppError('weights-mismatch', contradiction));
      } catch (error) {
        if (isAborted(error) || job.signal.aborted) throw error;
        refused.push(toAppError(error));
      }
    }
    const [first, ...others] = refused;
    if (!first) return;
    if (sets.length === 1) throw first;
    const more =
      others.length === 0 ? '' : ` The same or the like holds for ${numeralOf(others.length, 'other file')}.`;
    const kept =
      sets.length === refused.length
        ? ''
        : ` ${numeralOf(sets.length - refused.length, 'other set')} of weights can be used.`;
    throw new AppError(first.code, first.message + more + kept, { cause: first });
  });
  await workspace.catchUp.settled();
}
