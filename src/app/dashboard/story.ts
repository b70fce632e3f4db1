import type { JudgedQueries } from '../../core/analysis.ts';
import { finetunedAgainstFrozen } from '../../core/model-pairs.ts';
import { bestRows, resultRows } from '../../core/result-rows.ts';
import { scoredImages } from '../../core/scored-images.ts';
import { codeLabels, UNKNOWN } from '../../metrics/labels.ts';
import { hitsIn, type PlacedQueries, tellingQuery } from '../../metrics/paired-values.ts';
import { HEADLINE } from '../../metrics/registry.ts';
import type { ImageRecord } from '../../types.ts';
import type { Workspace } from '../workspace.ts';
import { queriesOf } from './judged-neighbours.ts';

/** Neighbours shown of each model. */
const SHOWN = 5;

export interface StorySide {
  readonly runId: string;
  readonly label: string;
  readonly head: 'frozen' | 'finetuned';
  readonly neighbours: readonly { readonly image: ImageRecord; readonly right: boolean }[];
}

/** One test query with its first neighbours under a frozen model and the same model fine-tuned. */
export interface Story {
  readonly query: ImageRecord;
  readonly sides: readonly [StorySide, StorySide];
  /** Queries that it was chosen from. */
  readonly of: number;
}

/** The story of the best fine-tuned model that was compared with its frozen self; null where there is none, or none gains. */
export async function headStory(workspace: Workspace): Promise<Story | null> {
  const load = queriesOf(workspace);
  const rows = resultRows(workspace.comparison.getState().runs);
  const pairs = finetunedAgainstFrozen(rows, 'test');
  const best = bestRows(
    pairs.map(({ first }) => first),
    'test',
    HEADLINE,
  )?.rows[0];
  const pair = pairs.find(({ first }) => first === best);
  if (!pair) return null;
  const [tuned, frozen] = [pair.first.runs[0], pair.second.runs[0]];
  const [ofFrozen, ofTuned] = [await load(frozen.id, 'test'), await load(tuned.id, 'test')];
  if (!ofFrozen || !ofTuned) return null;
  const { queries, gallery } = scoredImages(workspace.dataset.getState().images, 'test');
  const codes = codeLabels(
    queries.map(({ className }) => className),
    gallery.map(({ className }) => className),
  );
  const placed = ({ outcomes, neighbours }: JudgedQueries): PlacedQueries => {
    const asked = outcomes.queries.map((query) => codes.query[query] ?? UNKNOWN);
    return { ...outcomes, hitsAt: hitsIn(neighbours, asked, codes.gallery) };
  };
  const found = tellingQuery(placed(ofFrozen), placed(ofTuned), SHOWN);
  const query = found && queries[ofTuned.outcomes.queries[found.second] ?? -1];
  if (!found || !query) return null;
  const neighboursOf = ({ neighbours: { k, rows: found } }: JudgedQueries, entry: number) =>
    [...found.subarray(entry * k, entry * k + Math.min(k, SHOWN))].flatMap((position) => {
      const image = gallery[position];
      return image ? [{ image, right: image.className === query.className }] : [];
    });
  return {
    query,
    sides: [
      { runId: frozen.id, label: frozen.label, head: 'frozen', neighbours: neighboursOf(ofFrozen, found.first) },
      { runId: tuned.id, label: tuned.label, head: 'finetuned', neighbours: neighboursOf(ofTuned, found.second) },
    ],
    of: ofTuned.outcomes.relevant.filter((relevant) => relevant > 0).length,
  };
}
