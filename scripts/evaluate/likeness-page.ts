import type { Page } from 'playwright';
import type {
  Answer,
  Automation,
  BestAnswer,
  BestRequest,
  MatrixShape,
  MatrixSource,
  PartFileRequest,
  PartModel,
  PartShape,
  RunRequest,
} from '../../src/app/automation/automation-types.ts';
import { AppError } from '../../src/errors.ts';
import type { RankedQuery } from '../../src/exports/rankings.ts';
import type { Environment, ReportDataset, RunIdentity, RunResult } from '../../src/exports/report.ts';
import type { Variant } from '../../src/models/specs/variants.ts';
import type { BackboneName, EngineChoice } from '../../src/types.ts';

const msForTheAppToStart = 60_000;

/** `window.likeness` seen from here: the same functions, whose failures are AppErrors. */
export interface LikenessPage {
  settle(): Promise<ReportDataset>;
  setRoles(roles: Parameters<Automation['setRoles']>[0]): Promise<ReportDataset>;
  setNameClasses(rule: Parameters<Automation['setNameClasses']>[0]): Promise<ReportDataset>;
  setGroundTruth(text: string, name: string): Promise<ReportDataset>;
  setEngine(engine: EngineChoice): Promise<null>;
  run(request: RunRequest): Promise<RunResult>;
  best(request: BestRequest): Promise<BestAnswer>;
  environment(): Promise<Environment>;
  rankings(run: RunIdentity, start: number, count: number): Promise<readonly RankedQuery[]>;
  matrix(source: MatrixSource): Promise<MatrixShape>;
  matrixRows(source: MatrixSource, start: number, count: number): Promise<string>;
  partModel(backbone: BackboneName, variant: Variant): Promise<PartModel>;
  embedFiles(backbone: BackboneName, variant: Variant, files: readonly PartFileRequest[]): Promise<PartShape>;
  partRows(start: number, count: number): Promise<string>;
  partThumbnails(start: number, end: number): Promise<string>;
  status(): Promise<string | null>;
}

/** The address to open for a page that can be driven. */
export const automatedUrl = (url: string): string => `${url}?automation`;

/** Waits until the app has started. */
export async function likenessPage(page: Page): Promise<LikenessPage> {
  try {
    await page.waitForFunction(() => window.likeness !== undefined, null, { timeout: msForTheAppToStart });
  } catch (error) {
    throw new AppError('internal', 'The app did not start in the browser.', { cause: error });
  }
  return {
    settle: () => value(page.evaluate(() => window.likeness?.settle())),
    setRoles: (roles) => value(page.evaluate((given) => window.likeness?.setRoles(given), roles)),
    setNameClasses: (rule) => value(page.evaluate((given) => window.likeness?.setNameClasses(given), rule)),
    setGroundTruth: (text, name) =>
      value(page.evaluate((file) => window.likeness?.setGroundTruth(file.text, file.name), { text, name })),
    setEngine: (engine) => value(page.evaluate((choice) => window.likeness?.setEngine(choice), engine)),
    run: (request) => value(page.evaluate((asked) => window.likeness?.run(asked), request)),
    best: (request) => value(page.evaluate((asked) => window.likeness?.best(asked), request)),
    environment: () => value(page.evaluate(() => window.likeness?.environment())),
    rankings: (run, start, count) =>
      value(page.evaluate((of) => window.likeness?.rankings(of.run, of.start, of.count), { run, start, count })),
    matrix: (source) => value(page.evaluate((of) => window.likeness?.matrix(of), source)),
    matrixRows: (source, start, count) =>
      value(
        page.evaluate((of) => window.likeness?.matrixRows(of.source, of.start, of.count), { source, start, count }),
      ),
    partModel: (backbone, variant) =>
      value(page.evaluate((of) => window.likeness?.partModel(of.backbone, of.variant), { backbone, variant })),
    embedFiles: (backbone, variant, files) =>
      value(
        page.evaluate((of) => window.likeness?.embedFiles(of.backbone, of.variant, of.files), {
          backbone,
          variant,
          files,
        }),
      ),
    partRows: (start, count) =>
      value(page.evaluate((of) => window.likeness?.partRows(of.start, of.count), { start, count })),
    partThumbnails: (start, end) =>
      value(page.evaluate((of) => window.likeness?.partThumbnails(of.start, of.end), { start, end })),
    status: () => page.evaluate(() => window.likeness?.status() ?? null),
  };
}

async function value<T>(asked: Promise<Answer<T> | undefined>): Promise<T> {
  const answer = await asked.catch((error: unknown) => {
    throw lostPage(error);
  });
  if (!answer) throw new AppError('internal', 'The app was reloaded while it was at work.');
  if (!answer.ok) throw new AppError(answer.code, answer.message);
  return answer.value;
}

function lostPage(error: unknown): AppError {
  const said = error instanceof Error ? error.message : String(error);
  return /crash/i.test(said)
    ? new AppError(
        'worker-failed',
        'The browser tab crashed, probably for want of memory. Try fewer images (--limit).',
        {
          cause: error,
        },
      )
    : new AppError('internal', `The browser stopped answering: ${said}`, { cause: error });
}
