import { type JudgedQueries, judgedQueries } from '../../core/analysis.ts';
import { scoredImages } from '../../core/scored-images.ts';
import { AppError } from '../../errors.ts';
import { rankingsCsv, rankingsJson, type ScoredRanking } from '../../exports/rankings.ts';
import { context } from '../context.ts';
import { openSubject } from '../dataset/session.ts';
import { jobs } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { fileName, openDataset, runsOf } from './facts.ts';
import { textBlob } from './pieces.ts';

/** Saves the test ranking of a run for a competition: the first `k` gallery files of every query. */
export async function exportRanking(
  workspace: Workspace,
  runId: string,
  format: 'json' | 'csv',
  k: number,
): Promise<void> {
  await jobs.run({ screen: 'dashboard', stage: 'Writing the ranking', unit: 'images' }, async ({ signal }) => {
    const { dataset } = openDataset(workspace);
    const [run] = runsOf(workspace, [runId]);
    const judged = await judgedQueries(context, openSubject(workspace), runId, 'test');
    if (!run || !judged) {
      throw new AppError('dataset-unusable', 'There is no ranking: the data set has no query images, or no gallery.');
    }
    const rankings = rankingsOf(workspace, judged, k);
    const file =
      format === 'json'
        ? await textBlob(rankingsJson(rankings), 'application/json', signal)
        : await textBlob(rankingsCsv(rankings), 'text/csv', signal);
    saveFile(file, `${dataset.name} ${fileName(workspace, run)} ranking.${format}`);
  });
}

/** The stored neighbours under the names of their files, cut after `k`. */
function* rankingsOf(
  workspace: Workspace,
  { outcomes, neighbours }: JudgedQueries,
  k: number,
): Generator<ScoredRanking> {
  const asked = scoredImages(openDataset(workspace).images, 'test');
  const length = Math.min(k, neighbours.k);
  for (const [entry, position] of outcomes.queries.entries()) {
    const query = asked.queries[position];
    const start = entry * neighbours.k;
    const found = [...neighbours.rows.subarray(start, start + length)].flatMap((row) => asked.gallery[row]?.file ?? []);
    const similarities = [...neighbours.similarities.subarray(start, start + found.length)];
    if (query) yield { query: query.file, gallery: found, similarities };
  }
}
