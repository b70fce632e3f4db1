import {
  type LookColumn,
  type LookTable,
  NOT_FOUND,
  neighbourAt,
  similarityAt,
  verdictOn,
} from '../../../core/look.ts';
import { fileName, formatAmount, formatCount, formatSimilarity } from '../../format.ts';

/** What happened to a query, in a few words. */
export function hitWords(table: LookTable, column: LookColumn, query: number): string {
  if ((column.rows[query] ?? -1) < 0) return 'Not asked';
  if ((table.queryClasses[query] ?? -1) < 0) return 'Class unknown';
  const rank = column.ranks[query] ?? 0;
  if (rank === 0) return 'Class not in the gallery';
  return rank === NOT_FOUND ? 'No hit found' : `First hit at rank ${formatCount(rank)}`;
}

/** "Query IMG_1.jpg, class apple, first hit at rank 3", with two runs "… in A, … in B". */
export function queryWords(table: LookTable, query: number): string {
  const image = table.queries[query];
  if (image === undefined) return 'Query';
  const hits = [table.a, table.b].flatMap((column) => (column === null ? [] : lower(hitWords(table, column, query))));
  const known = image.className !== null;
  return [
    `Query ${fileName(image.path)}`,
    known ? `class ${image.className}` : 'class unknown',
    ...(known ? (hits.length === 1 ? hits : hits.map((words, at) => `${words} in ${'AB'[at]}`)) : []),
  ].join(', ');
}

const lower = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

/** "Rank 2, class apple, right class, similarity 0.91, file IMG_7.jpg"; `letter` names the run where there are two. */
export function neighbourWords(
  table: LookTable,
  column: LookColumn,
  query: number,
  at: number,
  letter: string | null,
): string {
  const position = neighbourAt(column, query, at);
  const image = table.gallery[position];
  if (image === undefined) return 'No image';
  const verdict = verdictOn(table, query, position);
  return [
    letter === null ? `Rank ${at + 1}` : `${letter}, rank ${at + 1}`,
    image.className === null ? 'class unknown' : `class ${image.className}`,
    verdict === null ? null : verdict ? 'right class' : 'wrong class',
    `similarity ${formatSimilarity(similarityAt(column, query, at))}`,
    `file ${fileName(image.path)}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** "41 of 182 queries fit", "182 queries". */
export function countWords(fit: number, all: number): string {
  return fit === all
    ? formatAmount(all, 'query', 'queries')
    : `${formatCount(fit)} of ${formatAmount(all, 'query', 'queries')} fit`;
}
