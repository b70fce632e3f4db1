import { nearestByComponents, neighbourComponents } from '../math/nearest-by-components.ts';
import { countRows } from '../math/vectors.ts';
import type { MapLayout, MapReport } from './map-protocol.ts';
import { UMAP_NEIGHBOURS, umapLayout } from './umap-layout.ts';

/** Below, UMAP has no neighbourhoods to keep. */
const FEWEST_POINTS = 5;

/** Reports of a map in the making, each layout with new coordinates; ends with the settled map (see MapWorker.draw). */
export function* drawMap(
  embeddings: Float32Array,
  dimensions: number,
  seed: number,
): Generator<MapReport, MapLayout, void> {
  const points = countRows(embeddings, dimensions);
  const report = (stage: MapReport['stage'], done: number, total: number, layout: MapLayout | null = null) => ({
    stage,
    done,
    total,
    layout,
  });
  // The first two are a place on the map, at once; among all of them neighbours are looked for.
  const components = neighbourComponents(embeddings, dimensions, seed);
  let step = components.next();
  for (; !step.done; step = components.next()) yield report('components', 0, 1);
  const { coordinates } = step.value;
  const width = coordinates.length / points;
  const start = Float32Array.from({ length: 2 * points }, (_, at) => coordinates[(at >> 1) * width + (at & 1)] ?? 0);
  const few = points < FEWEST_POINTS;
  const pca: MapLayout = { method: 'pca', coordinates: start.slice(), settled: few };
  if (few) return pca;
  yield report('components', 1, 1, pca);

  const neighbours = nearestByComponents(
    embeddings,
    dimensions,
    Math.min(UMAP_NEIGHBOURS, points - 2),
    seed,
    coordinates,
  );
  let found = neighbours.next();
  for (; !found.done; found = neighbours.next()) yield report('neighbours', Math.floor(found.value * points), points);

  const layout = umapLayout(found.value, start, seed);
  for (let epoch = 0; epoch < layout.epochs; ) {
    epoch = layout.step();
    yield report('layout', epoch, layout.epochs, {
      method: 'umap',
      // Made when it is asked for: most epochs are not shown.
      get coordinates() {
        return layout.coordinates();
      },
      settled: false,
    });
  }
  return { method: 'umap', coordinates: layout.coordinates(), settled: true };
}
