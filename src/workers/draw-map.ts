import { nearestByComponents } from '../math/nearest-by-components.ts';
import { principalComponents } from '../math/pca.ts';
import { countRows } from '../math/vectors.ts';
import type { MapLayout, MapReport } from './map-protocol.ts';
import { UMAP_NEIGHBOURS, umapLayout } from './umap-layout.ts';

/** Enough for a place on a map, and at once: the map goes on from there. */
const PASSES = 12;
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
  const components = principalComponents(embeddings, dimensions, 2, seed, PASSES);
  let step = components.next();
  for (; !step.done; step = components.next()) yield report('components', 0, 1);
  const start = step.value.coordinates;
  const few = points < FEWEST_POINTS;
  const pca: MapLayout = { method: 'pca', coordinates: start.slice(), settled: few };
  if (few) return pca;
  yield report('components', 1, 1, pca);

  const neighbours = nearestByComponents(embeddings, dimensions, Math.min(UMAP_NEIGHBOURS, points - 2), seed);
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
