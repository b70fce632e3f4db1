import { createMeter } from '../../core/meter.ts';
import type { Run } from '../../core/run.ts';
import { runClasses } from '../../core/run-classes.ts';
import { AppError } from '../../errors.ts';
import { bundleFolders, bundleTexts, rowsJson, type ScoredRows } from '../../exports/bundle/bundle.ts';
import { npyBlob } from '../../exports/npy.ts';
import { type Archive, createArchive } from '../../exports/zip.ts';
import type { ScoredSplit } from '../../types.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { context } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { openDataset, projectFacts, runsOf } from './facts.ts';
import { scoredClasses, scoredEmbeddings, scoredPart, storedRun } from './run.ts';

const SPLITS = ['test', 'validation'] as const;
const PARTS = ['query', 'gallery'] as const;

/**
 * Saves the bundle that recomputes the figures of these runs: one matrix at a time is held, and goes into the archive
 * before the next one is made.
 */
export async function exportBundle(workspace: Workspace, runIds: readonly string[]): Promise<void> {
  await jobs.run(
    { screen: 'dashboard', stage: 'Writing the reproducibility bundle', unit: 'files' },
    async ({ signal, report, stage }) => {
      const { dataset, images } = openDataset(workspace);
      const rows = runsOf(workspace, runIds);
      const facts = await projectFacts(workspace, rows);
      const folders = bundleFolders(facts);
      const archive = await createArchive(new Date(facts.writtenAt), signal);
      for (const [name, text] of bundleTexts(facts, images)) await archive.add(name, text);
      const positions = new Map(images.map(({ path }, at) => [path, at]));
      stage('Writing embeddings', 'files');
      const meter = createMeter(matricesOf(rows));
      for (const [at, row] of rows.entries()) {
        await addRun(workspace, archive, `runs/${folders[at]}`, row, positions, () => report(meter.advance(1)));
      }
      saveFile(await archive.finish(), `${dataset.name} bundle.zip`);
    },
  );
}

const matricesOf = (rows: readonly RunRow[]): number =>
  rows.reduce((sum, { result }) => sum + SPLITS.filter((split) => result[split]).length * PARTS.length, 0);

async function addRun(
  workspace: Workspace,
  archive: Archive,
  folder: string,
  row: RunRow,
  positions: ReadonlyMap<string, number>,
  onMatrix: () => void,
): Promise<void> {
  const run = await storedRun(workspace, row);
  const rows = { test: rowsOf(run, row, 'test', positions), validation: rowsOf(run, row, 'validation', positions) };
  await archive.add(`${folder}/rows.json`, rowsJson(rows));
  const classes = await runClasses(context, run, row.result.posterior?.open ? 'on' : 'off');
  for (const split of SPLITS) {
    if (!rows[split]) continue;
    for (const part of PARTS) {
      const images = scoredPart(run, split, part);
      const { matrix, dimensions } = await scoredEmbeddings(run, split, part, images);
      // Numbers like these do not shrink: they are stored as they are.
      await archive.add(`${folder}/${split}.${part}.npy`, npyBlob(matrix, [images.length, dimensions]), {
        stored: true,
      });
      if (classes) {
        const known = await scoredClasses(run, split, part, classes);
        const shape = [images.length, known.dimensions];
        await archive.add(`${folder}/${split}.${part}.classes.npy`, npyBlob(known.matrix, shape), { stored: true });
      }
      onMatrix();
    }
  }
}

/** Null where the split was not scored. Throws AppError 'dataset-unusable' where not all that was scored is there still. */
function rowsOf(
  run: Run,
  { label, result }: RunRow,
  split: ScoredSplit,
  positions: ReadonlyMap<string, number>,
): ScoredRows | null {
  const scores = result[split];
  if (!scores) return null;
  const part = (name: (typeof PARTS)[number]) =>
    scoredPart(run, split, name).flatMap(({ path }) => positions.get(path) ?? []);
  const rows = { query: part('query'), gallery: part('gallery') };
  if (rows.query.length === scores.queries + scores.skipped) return rows;
  const sentence = `Some features of ${label} have been deleted since it was scored. Run the comparison again, then export.`;
  throw new AppError('dataset-unusable', sentence);
}
