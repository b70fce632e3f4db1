import { scoredImages } from '../../core/evaluate-run.ts';
import { judgedQueries } from '../../core/judged-queries.ts';
import { runWords } from '../../exports/facts.ts';
import { chooseExamples } from '../../exports/report-page/choose-examples.ts';
import type { Example, ExampleImage, ExamplesFacts } from '../../exports/report-page/facts.ts';
import { getThumbnail } from '../../storage/thumbnails.ts';
import type { ImageRecord } from '../../types.ts';
import type { RunRow } from '../comparison/comparison.ts';
import { context, database } from '../context.ts';
import { openSubject } from '../dataset/session.ts';
import type { Workspace } from '../workspace.ts';
import { openDataset, runFacts } from './facts.ts';

const SEED = 0;
/** The headline figure's k. */
const FAILED_AT = 10;
/** Examples of each kind, and neighbours shown of each. */
const COUNT = 4;
const NEIGHBOURS = 5;

/** Queries of the run on the dashboard's split, some right and some failed, with thumbnails where they are wanted. */
export async function exampleFacts(
  workspace: Workspace,
  row: RunRow,
  thumbnails: boolean,
): Promise<ExamplesFacts | null> {
  const { split } = workspace.dashboard.getState();
  const judged = await judgedQueries(context, openSubject(workspace), row.id, split);
  if (!judged?.outcomes.relevant.some((relevant) => relevant > 0)) return null;
  const { outcomes, neighbours } = judged;
  const { queries, gallery } = scoredImages(openDataset(workspace).images, split);

  const exampleOf = async (entry: number): Promise<Example[]> => {
    const query = queries[outcomes.queries[entry] ?? -1];
    if (!query) return [];
    const start = entry * neighbours.k;
    const shown = [...neighbours.rows.subarray(start, start + Math.min(NEIGHBOURS, neighbours.k))];
    const found = shown.flatMap((position, i) => {
      const image = gallery[position];
      return image ? [{ image, similarity: neighbours.similarities[start + i] ?? 0 }] : [];
    });
    return [
      {
        query: await imageOf(query, thumbnails),
        firstHitRank: outcomes.firstHitRank[entry] ?? 0,
        neighbours: await Promise.all(
          found.map(async ({ image, similarity }) => ({
            ...(await imageOf(image, thumbnails)),
            similarity,
            right: image.className !== null && image.className === query.className,
          })),
        ),
      },
    ];
  };

  const chosen = chooseExamples(outcomes, FAILED_AT, COUNT, SEED);
  return {
    run: runWords(runFacts(row)),
    split,
    seed: SEED,
    failedAt: FAILED_AT,
    rightOf: chosen.rightOf,
    failedOf: chosen.failedOf,
    right: (await Promise.all(chosen.right.map(exampleOf))).flat(),
    failed: (await Promise.all(chosen.failed.map(exampleOf))).flat(),
    thumbnails,
  };
}

async function imageOf({ file, className, hash }: ImageRecord, thumbnails: boolean): Promise<ExampleImage> {
  const thumbnail = thumbnails && hash !== null ? await getThumbnail(database, hash) : null;
  return { file, className, picture: thumbnail ? await dataUrl(thumbnail.blob) : null };
}

function dataUrl(blob: Blob): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : null);
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(blob);
  });
}
