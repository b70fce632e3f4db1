import type { ClusteredLabels, ImageRecord } from '../types.ts';
import type { Choices } from './choices.ts';

/** How many of these images have a label of that kind, by model, the most first. */
export function clusteredLabels(
  { clusteredBy }: Pick<Choices, 'clusteredBy'>,
  images: readonly Pick<ImageRecord, 'path' | 'className'>[],
): ClusteredLabels[] {
  if (clusteredBy.length === 0) return [];
  const modelOf = new Map(clusteredBy);
  const counts = new Map<string, number>();
  for (const { path, className } of images) {
    const model = className === null ? undefined : modelOf.get(path);
    if (model !== undefined) counts.set(model, (counts.get(model) ?? 0) + 1);
  }
  return [...counts].map(([model, count]) => ({ model, images: count })).sort((a, b) => b.images - a.images);
}
