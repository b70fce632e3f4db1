import type { RunRequest } from '../../src/app/automation/automation-types.ts';
import type { Combination, HeadKind } from '../../src/exports/report.ts';
import { type Member, parseModel } from '../../src/heads/member.ts';
import type { Arguments } from './arguments.ts';

/**
 * The runs that the arguments ask for, in the order of the report: models, then heads, then combinations, then seeds, then rankings.
 * A model whose members name their heads (`resnet50+resnet50:frozen`) is made once, whatever heads are asked for.
 */
export function plannedRuns(args: Arguments): RunRequest[] {
  return args.models.flatMap((model) => headsOf(model, args.heads).flatMap((head) => runsOf(model, head, args)));
}

function headsOf(model: string, asked: readonly HeadKind[]): readonly HeadKind[] {
  if (!model.includes(':')) return asked;
  return trains(parseModel(model, 'finetuned')) ? ['finetuned'] : ['frozen'];
}

const trains = (members: readonly Member[]) => members.some(({ head }) => head === 'finetuned');

function runsOf(model: string, head: HeadKind, args: Arguments): RunRequest[] {
  const members = parseModel(model, head);
  const trained = trains(members);
  // Without heads there is nothing to share a classifier.
  const combinations: (Combination | null)[] =
    members.length > 1 ? args.combine.filter((combine) => trained || combine !== 'shared') : [null];
  const { size, flip, limit, ks, index, refit, classifier, seeds, ranks, open } = args;
  return combinations.flatMap((combine) =>
    // In frozen models, only the random projections of `mean` depend on the seed.
    Array.from({ length: trained || combine === 'mean' ? seeds : 1 }, (_, seed) =>
      ranks.map((rank) => ({
        model,
        head,
        classifier: trained ? classifier : null,
        combine,
        seed,
        rank,
        refit,
        size,
        flip,
        weightsIds: null,
        limit,
        ks,
        index,
        open,
      })),
    ).flat(),
  );
}
