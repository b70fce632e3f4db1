import type { ServerView } from '../../app/search/search.ts';
import { formatAmount, formatRecall } from '../format.ts';

/** "The server’s gallery answers: vit_base_patch16_224, about 100,000 images, searched by pgvector’s HNSW." */
export function collectionWords({
  architecture,
  rows,
  indexed,
}: Pick<NonNullable<ServerView['collection']>, 'architecture' | 'rows' | 'indexed'>): string {
  const amount = rows === null ? [] : [`about ${formatAmount(rows, 'image')}`];
  const how = indexed ? 'searched by pgvector’s HNSW' : 'without an index: every search compares with all';
  return `The server’s gallery answers: ${[architecture, ...amount, how].join(', ')}.`;
}

/** "Recall@10 0.998 by 50 queries." */
export function recallWords({ at10, queries }: NonNullable<ServerView['recall']>): string {
  return `Recall@10 ${formatRecall(at10)} against exact search, by ${formatAmount(queries, 'query', 'queries')}.`;
}
