import type { Place } from './view.ts';

/** A name, and where on the map it belongs: in the middle of its points. */
export interface GroupLabel {
  readonly name: string;
  readonly at: Place;
}

/** Of each of these groups that has a point shown; `groups`: of each point. Medians, since a few points may lie far off. */
export function groupLabels(
  names: readonly string[],
  groups: readonly (string | null)[],
  positions: Float32Array,
  shown: Uint32Array,
): GroupLabel[] {
  const members = new Map<string, number[]>(names.map((name) => [name, []]));
  for (const point of shown) members.get(groups[point] ?? '')?.push(point);
  return [...members].flatMap(([name, points]) => {
    if (points.length === 0) return [];
    const middle = (axis: 0 | 1): number =>
      Float32Array.from(points, (point) => positions[2 * point + axis] ?? 0).sort()[points.length >> 1] ?? 0;
    return [{ name, at: { x: middle(0), y: middle(1) } }];
  });
}
