import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Page } from 'playwright';
import type { BestRequest, RunRequest } from '../../src/app/automation/automation-types.ts';
import { doneOneByOne } from '../../src/core/setbacks.ts';
import { decodeTable } from '../../src/data/table-text.ts';
import { AppError } from '../../src/errors.ts';
import {
  type ReportChoice,
  type ReportDataset,
  type RunResult,
  reportJson,
  runName,
} from '../../src/exports/report.ts';
import { parseModel } from '../../src/heads/member.ts';
import { judgedByName } from '../../src/metrics/registry.ts';
import { inEnglish } from '../../src/numerals.ts';
import type { ProblemKind, Split } from '../../src/types.ts';
import { builtApp } from '../built-app.ts';
import { startServer } from '../server/static-server.ts';
import type { Arguments } from './arguments.ts';
import { browserFor, dropPaths } from './browser.ts';
import { automatedUrl, type LikenessPage, likenessPage } from './likeness-page.ts';
import { plannedRuns } from './plan.ts';
import type { Progress } from './progress.ts';
import { prepareFolder, rankingsPath, writeMatrix, writeRankings, writeWhole } from './result-files.ts';

const splits: readonly Split[] = ['training', 'query', 'gallery'];

/** Makes all runs in a browser and writes their results; closes the browser when it ends, or when `signal` says so. */
export async function evaluate(args: Arguments, progress: Progress, signal: AbortSignal): Promise<RunResult[]> {
  await prepareFolders(args);
  const distDir = await builtApp(join(import.meta.dirname, '../..'), progress.say);
  signal.throwIfAborted();
  const server = await startServer({ distDir, modelsDir: args.modelsDir, port: 0, host: '127.0.0.1' });
  try {
    const browser = await browserFor(args.backend, automatedUrl(server.url), progress.say);
    // Closing the browser makes whatever waits for it fail at once.
    const closeEarly = () => void browser.close();
    signal.addEventListener('abort', closeEarly);
    try {
      signal.throwIfAborted();
      return await evaluateOn(browser.page, args, progress);
    } finally {
      signal.removeEventListener('abort', closeEarly);
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

/** The same on a page of the app that has just been opened to be driven, and has no data set yet. */
export async function evaluateOn(page: Page, args: Arguments, progress: Progress): Promise<RunResult[]> {
  page.on('pageerror', (error) => progress.say(`The page reports an error: ${error.message}`));
  const driven = await likenessPage(page);
  progress.say(`Reading ${args.dataDir}`);
  await dropPaths(page, [args.dataDir]);
  return evaluateDropped(args, driven, progress);
}

async function prepareFolders({ out, rankings, embeddingsDir, featuresDir }: Arguments): Promise<void> {
  const folders = [dirname(out), rankings && dirname(rankings), embeddingsDir, featuresDir];
  for (const folder of folders) if (folder) await prepareFolder(folder);
}

async function evaluateDropped(args: Arguments, page: LikenessPage, progress: Progress): Promise<RunResult[]> {
  const during = <T>(work: Promise<T>) => progress.during(work, page.status);
  let dataset = await during(page.settle());
  if (args.roles.length > 0) dataset = await during(page.setRoles(args.roles));
  if (args.nameClasses !== null) dataset = await during(page.setNameClasses(args.nameClasses));
  if (args.groundTruth) {
    const text = await readTable(args.groundTruth);
    dataset = await during(page.setGroundTruth(text, basename(args.groundTruth)));
  }
  progress.say(summary(dataset));
  for (const line of whatDecides(dataset)) progress.say(line);
  refuseRefused(dataset);
  refuseNothing(dataset);
  await page.setEngine(args.backend);
  const requests = plannedRuns(args);
  const count = requests.length + args.bestFor.length;
  const results: RunResult[] = [];
  /** Features are a backbone's, and embeddings the same for all rankings of a run: runs share them. */
  const written = new Set<string>();
  const make = async (request: RunRequest) => {
    progress.say(`Evaluating ${runName(request)}`);
    results.push(await during(page.run(request)));
    await writeRunFiles(args, page, request, count, written);
  };
  const choices: ReportChoice[] = [];
  const chosen = async (k: number) => {
    const { run, choice, setback } = await during(page.best(bestRequest(args, k)));
    for (const line of choiceLines(choice)) progress.say(line);
    choices.push(choice);
    await make(run);
    if (setback) throw new AppError(setback.code, setback.message);
  };
  const works = [
    ...requests.map((request) => ({ name: runName(request), work: () => make(request) })),
    ...args.bestFor.map((k) => ({ name: `The best for top-${k}`, work: () => chosen(k) })),
  ];
  const pieces = works.map((piece, at) => ({ id: String(at), needs: [], ...piece }));
  // Hours of work of the others must not be lost.
  const setback = await doneOneByOne(pieces, ({ work }) => work()).catch((error: unknown) => {
    if (results.length === 0 || !(error instanceof AppError)) throw error;
    return error;
  });
  const report = reportJson(used(dataset, args.limit), await page.environment(), results, choices);
  await writeWhole(args.out, (temporary) => writeFile(temporary, report));
  refuseClassesApart(dataset, args.out);
  if (setback) throw new AppError(setback.code, `${setback.message} ${args.out} holds the other runs.`);
  return results;
}

function bestRequest(args: Arguments, k: number): BestRequest {
  const { refit, size, flip, limit, ks, index, open, classifier, budgetSeconds } = args;
  return { k, refit, size, flip, limit, ks, index, open, classifier, budgetMs: budgetSeconds * 1000 };
}

/** A line a step. */
function choiceLines({ metric, path, tried, complete, interval }: ReportChoice): string[] {
  const percent = (share: number) => (100 * share).toFixed(1);
  const steps = path.map(({ model, value, gain, standardError }) => {
    const better = gain === null ? '' : `, ${percent(gain)} ± ${percent(standardError ?? 0)} more`;
    return `  ${percent(value)} %${better}: ${model}`;
  });
  const [low, high] = interval;
  return [
    `Best for ${metric}, by ${judgedByName(Number(metric.slice('top-'.length)))} on held-out shoots of training/ (${tried} tried${complete ? '' : ', then the time was up'}):`,
    ...steps,
    `  95 % interval of the last: ${percent(low)} to ${percent(high)} %`,
  ];
}

async function writeRunFiles(
  args: Arguments,
  page: LikenessPage,
  run: RunRequest,
  runs: number,
  written: Set<string>,
): Promise<void> {
  const name = runName(run);
  if (args.rankings) await writeRankings(page, run, rankingsPath(args.rankings, name, runs));
  for (const split of splits) {
    const embeddings = `${runName({ ...run, rank: 'plain' })}.${split}`;
    if (args.embeddingsDir && !written.has(embeddings)) {
      written.add(embeddings);
      await writeMatrix(page, { kind: 'embeddings', run, split }, args.embeddingsDir, embeddings);
    }
    for (const { backbone } of parseModel(run.model, run.head)) {
      if (!args.featuresDir || written.has(`${backbone}.${split}`)) continue;
      written.add(`${backbone}.${split}`);
      await writeMatrix(page, { kind: 'features', backbone, split }, args.featuresDir, `${backbone}.${split}`);
    }
  }
}

/** Throws AppError 'ground-truth-refused'. */
async function readTable(path: string): Promise<string> {
  const table = decodeTable(await readFile(path));
  if (!table) throw new AppError('ground-truth-refused', `${path} is no text: the ground truth cannot be used.`);
  return table.text;
}

/** Figures without the labels that someone wrote down would be those of another task. */
function refuseRefused({ problems }: ReportDataset): void {
  const refused = problems.find(({ kind }) => kind === 'ground-truth-refused');
  if (!refused) return;
  throw new AppError(
    'ground-truth-refused',
    `${refused.path}: ${refused.reason} Nothing was evaluated; --ground-truth FILE names another one.`,
  );
}

/** Images without a part, or training images without a class, are none to be evaluated. */
function refuseNothing({ training, query, gallery }: ReportDataset): void {
  if (training + query + gallery > 0) return;
  throw new AppError(
    'dataset-unusable',
    'No image takes part: their folders say neither split nor class. Nothing was evaluated; --queries and --gallery name folders, --ground-truth a table of classes, and --name-classes takes them from the names of files.',
  );
}

/** A table of dashes is no result of images that have labels. What was written may still be of use. */
function refuseClassesApart({ problems }: ReportDataset, out: string): void {
  const apart = problems.find(({ kind }) => kind === 'classes-apart');
  if (!apart) return;
  throw new AppError('dataset-unusable', `${apart.reason} ${out} was written, without test figures.`);
}

/** Problems that the figures hang on: which images take part, and with which classes. */
const deciding: readonly ProblemKind[] = [
  ...(['outside-roles', 'no-class', 'looks-like-split', 'similar-classes', 'classes-apart'] as const),
  ...(['ground-truth', 'archive'] as const),
];
const mostLines = 20;

function whatDecides({ problems }: ReportDataset): string[] {
  const lines = problems
    .filter(({ kind }) => deciding.includes(kind))
    .map(({ reason, action }) => `${reason} (${action})`);
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `… and ${more} more; all of them are in the report.`] : lines;
}

/** The data set as far as it was used. */
function used(dataset: ReportDataset, limit: number | null): ReportDataset {
  const most = limit ?? Number.POSITIVE_INFINITY;
  const { training, query, gallery } = dataset;
  return {
    ...dataset,
    training: Math.min(training, most),
    query: Math.min(query, most),
    gallery: Math.min(gallery, most),
  };
}

function summary({ classes, training, query, gallery, problems }: ReportDataset): string {
  const amount = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`;
  return `${amount(classes, 'class', 'classes')}; ${training} training, ${query} query, ${gallery} gallery images; ${amount(problems.length, 'problem', 'problems')}`;
}

/** What a failure means to the user who runs this. */
export function reasonOf(error: unknown): string {
  if (error instanceof AppError) return inEnglish(error.message);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
