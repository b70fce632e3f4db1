import { AppError } from '../errors.ts';
import { csvRow } from './csv.ts';

/** File names relative to their split's folder, best first. */
export interface RankedQuery {
  readonly query: string;
  readonly gallery: readonly string[];
}

/**
 * `{"<query file>": ["<gallery file>", …]}`, one query a line, in pieces that can be written one after another.
 * Written out by hand: as keys of an object, names such as `__proto__` or `7` would be lost or change places.
 * @throws AppError 'dataset-unusable' when two queries have the same name, since one of them would be lost.
 */
export function* rankingsJson(rankings: Iterable<RankedQuery>): Generator<string> {
  const seen = new Set<string>();
  for (const { query, gallery } of rankings) {
    if (seen.has(query)) {
      throw new AppError(
        'dataset-unusable',
        `Two query images are both called “${query}”, so a file of rankings cannot tell them apart. Rename one of them.`,
      );
    }
    yield `${seen.size === 0 ? '{' : ','}\n${JSON.stringify(query)}: ${JSON.stringify(gallery)}`;
    seen.add(query);
  }
  yield seen.size === 0 ? '{}\n' : '\n}\n';
}

/** A ranking with the cosines of its images, in the same order. */
export interface ScoredRanking extends RankedQuery {
  readonly similarities: readonly number[];
}

/** The same rankings as CSV (RFC 4180), one neighbour a line: query, rank from 1, gallery, similarity. In pieces, as above. */
export function* rankingsCsv(rankings: Iterable<ScoredRanking>): Generator<string> {
  yield csvRow(['query', 'rank', 'gallery', 'similarity']);
  for (const { query, gallery, similarities } of rankings) {
    yield gallery.map((file, i) => csvRow([query, i + 1, file, similarities[i] ?? null])).join('');
  }
}
