/** A comparison before, while and after it runs, as the real app would fill the store. */

import {
  type ComparisonState,
  defaultRecipe,
  type EpochReport,
  type MemberChoice,
  type Recipe,
  type RunChoice,
  type RunRow,
  type Stage,
  type TrainingView,
} from '../../../src/app/comparison/comparison.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { isFineTuned, runId } from '../../../src/core/run-choice.ts';
import type { RunResult } from '../../../src/exports/report.ts';
import type { Scores } from '../../../src/types.ts';

export const RESNET = 'resnet50.tv_in1k';
export const EFFICIENTNET = 'efficientnet_b0.ra_in1k';
export const VIT = 'vit_base_patch16_224.augreg2_in21k_ft_in1k';
export const BASELINE = 'colour-gradient';

export const finetuned = (weightsId: string): MemberChoice => ({ weightsId, head: 'finetuned' });
export const frozen = (weightsId: string): MemberChoice => ({ weightsId, head: 'frozen' });

/** 70 % of the failures at 1 are hits at 5, 85 % at 10. */
export function fakeScores(top1: number, mapAtR: number, queries = 180, skipped = 2): Scores {
  const top = (gain: number): number => Math.min(1, top1 + (1 - top1) * gain);
  const shares = { '1': top1, '5': top(0.7), '10': top(0.85) };
  const ci95 = Object.entries(shares).map(([k, share]) => [k, [share - 0.041, Math.min(1, share + 0.036)]] as const);
  return { queries, skipped, topk: shares, mapAtR, mrr: top(0.35), ci95: Object.fromEntries(ci95) };
}

interface FakeRun {
  readonly members: readonly MemberChoice[];
  readonly combine?: RunChoice['combine'];
  readonly recipe?: Partial<Recipe>;
  readonly top1: number;
  readonly mapAtR: number;
  readonly labelled?: boolean;
  readonly rank?: RunChoice['rank'];
}

export function fakeRun({ members, combine = null, recipe: changes, top1, mapAtR, ...other }: FakeRun): RunRow {
  const { labelled = true, rank = 'plain' } = other;
  const recipe: Recipe = { ...defaultRecipe('cosine'), ...changes };
  const choice: RunChoice = { members: [...members], combine, recipe, loaded: null, rank };
  const trained = members.some(isFineTuned);
  const weights = members.map(({ weightsId }) => weightsId);
  const result: RunResult = {
    model: weights.join('+'),
    head: trained ? 'finetuned' : 'frozen',
    classifier: trained ? recipe.classifier : null,
    combine,
    seed: recipe.seed,
    weights,
    test: labelled ? fakeScores(top1, mapAtR) : null,
    validation: fakeScores(top1 + 0.03, mapAtR + 0.05, 84, 0),
    training: trained ? { epochs: 43, bestEpoch: 33, bestValLoss: 0.812 } : null,
    rank,
    posterior: null,
    index: 'exact',
    timing: { extractMs: 0, imagesPerSecond: null, trainMs: 0, indexBuildMs: 0, queryMsP50: 0.4 },
  };
  return {
    id: runId(choice),
    label: `${result.model}, ${trained ? 'fine-tuned' : 'frozen'}`,
    choice,
    colour: 0,
    result,
  };
}

export function fakeRuns(labelled = true): RunRow[] {
  const seeds = (run: FakeRun): RunRow[] =>
    [0, 1, 2].map((seed) =>
      fakeRun({ ...run, recipe: { ...run.recipe, seed }, top1: run.top1 + (seed - 1) * 0.011, labelled }),
    );
  const runs = [
    fakeRun({ members: [frozen(BASELINE)], top1: 0.341, mapAtR: 0.092, labelled }),
    fakeRun({ members: [frozen(RESNET)], top1: 0.681, mapAtR: 0.328, labelled }),
    ...seeds({ members: [finetuned(RESNET)], top1: 0.744, mapAtR: 0.512 }),
    fakeRun({
      members: [finetuned(RESNET)],
      recipe: { ...defaultRecipe('linear'), dropout: 0.2, refit: false },
      top1: 0.692,
      mapAtR: 0.381,
      labelled,
    }),
    ...seeds({ members: [finetuned(RESNET), finetuned(VIT)], combine: 'mean', top1: 0.792, mapAtR: 0.561 }),
    ...seeds({ members: [finetuned(RESNET), frozen(RESNET)], combine: 'concat', top1: 0.769, mapAtR: 0.506 }),
  ];
  return runs.map((run, colour) => ({ ...run, colour }));
}

/** The loss falls until the best epoch, then rises slowly; a refit goes as far as that. */
export function fakeReports(epochs: number, best: number, refit = 0): EpochReport[] {
  const fit = Array.from({ length: epochs }, (_, at): EpochReport => {
    const epoch = at + 1;
    const left = Math.exp(-epoch / 9);
    const accuracy = 0.79 - 0.68 * left;
    const loss = 0.72 + 2.9 * left + Math.max(0, epoch - best) * 0.01;
    const validation = { loss, accuracy, topk: { '1': accuracy, '5': accuracy + 0.17, '10': accuracy + 0.2 } };
    const course = { phase: 'fit', epoch, epochs: 200, best: epoch <= best, milliseconds: 180 } as const;
    return { ...course, loss: 3.4 * left, accuracy: 1 - left, validation };
  });
  const again = { phase: 'refit', epochs: best, validation: null, best: false } as const;
  return [...fit, ...fit.slice(0, refit).map((report) => ({ ...report, ...again }))];
}

/** The heads of a run, as they would be stored: one a fine-tuned member. */
export function fakeTrainings({ choice }: RunRow) {
  return choice.members.filter(isFineTuned).map(({ weightsId }, at) => {
    const label = `${weightsId}, ${choice.recipe.classifier}, seed ${choice.recipe.seed}`;
    return { key: label, label, epochs: fakeReports(43, 33 - at, 33) };
  });
}

const training = (name: string, reports: EpochReport[], ended: TrainingView['ended']): TrainingView => {
  return { label: `${name}, cosine, seed 0`, reports, ended };
};

function stage(kind: Stage['kind'], label: string, state: Stage['state'], changes: Partial<Stage> = {}): Stage {
  return { id: label, kind, label, state, estimateMs: null, progress: null, tookMs: null, ...changes };
}

const planned: readonly Stage[] = [
  stage('embed', 'Embed the images with ResNet-50', 'kept'),
  stage('download', 'Download ViT-B/16', 'waiting', { estimateMs: 82_000 }),
  stage('embed', 'Embed the images with ViT-B/16', 'waiting', { estimateMs: 96_000 }),
  stage('train', 'Train the head of ViT-B/16, cosine, seed 0', 'waiting', { estimateMs: 14_000 }),
  stage('evaluate', 'Evaluate ResNet-50, frozen', 'kept'),
  stage('evaluate', 'Evaluate ResNet-50, fine-tuned, seed 0', 'waiting', { estimateMs: 900 }),
  stage('evaluate', 'Evaluate ResNet-50 + ViT-B/16, fine-tuned, mean, seed 0', 'waiting', { estimateMs: 1400 }),
];

const progress = { done: 20, total: 200, rate: 5.2, secondsLeft: 34 };

export type ComparisonMoment = 'planned' | 'running' | 'done';

export function fillComparison(moment: ComparisonMoment = 'done'): void {
  const { rows } = workspace().models.getState();
  const runs = fakeRuns();
  const running = planned.map((entry, at): Stage => {
    if (entry.state === 'kept') return entry;
    return at < 3 ? { ...entry, state: 'done' } : at === 3 ? { ...entry, state: 'running', progress } : entry;
  });
  const finished = training('ResNet-50', fakeReports(43, 33, 33), 'patience');
  const live = training('ViT-B/16', fakeReports(20, 18), null);
  const moments: Record<ComparisonMoment, Partial<ComparisonState>> = {
    planned: { stages: planned, runs: runs.slice(0, 2) },
    running: { stages: running, running: true, trainings: [finished, live], runs: runs.slice(0, 5) },
    done: { stages: planned.map((entry) => ({ ...entry, state: 'kept' })), trainings: [finished], runs },
  };
  workspace().comparison.setState({
    singles: rows.map(({ weights: { id } }) => ({
      weightsId: id,
      frozen: id === RESNET || id === BASELINE,
      finetuned: id === RESNET || id === VIT,
    })),
    ensembles: [
      { members: [finetuned(RESNET), finetuned(VIT)], combine: ['mean'] },
      { members: [finetuned(RESNET), frozen(RESNET)], combine: ['concat'] },
    ],
    ...moments[moment],
  });
}
