import { AppError } from '../errors.ts';

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
