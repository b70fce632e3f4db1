import type { ClusteredLabels } from '../types.ts';

/**
 * Says that figures of these models are too good: each is judged by labels of its own making. Null where there are none.
 * `amount` writes a number with its noun.
 */
export function clusteredSentence(
  clustered: readonly ClusteredLabels[],
  amount: (count: number, singular: string) => string,
): string | null {
  if (clustered.length === 0) return null;
  const parts = clustered.map(({ model, images }, i) => {
    const labels = i === 0 ? `${amount(images, 'label')} ${images === 1 ? 'comes' : 'come'}` : amount(images, 'label');
    return `${labels} from clusters of “${model}”`;
  });
  const listed = [parts.slice(0, -1).join(', '), parts.at(-1)].filter((part) => part !== '').join(' and ');
  const figures = clustered.length === 1 ? 'the figures of that model' : 'the figures of these models';
  return `${listed}, so ${figures} look better than they are.`;
}
