/** A map with synthetic places, as the real app would fill the store: classes lie together, queries near their class. */

import type { EmbeddingMapState, ReadImage } from '../../../src/app/dashboard/embedding-map.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { seededRandom } from '../../../src/math/random.ts';

/** Called with the run that the dashboard shows. */
export function fillMap(runId: string, changes: Partial<EmbeddingMapState> = {}): void {
  const order = ['training', 'gallery', 'query'];
  const images = workspace()
    .dataset.getState()
    .images.flatMap((image): ReadImage[] => (image.hash === null ? [] : [{ ...image, hash: image.hash }]))
    .sort((a, b) => order.indexOf(a.split) - order.indexOf(b.split));
  const { seed, layout } = { ...workspace().map.getState(), ...changes };
  const random = seededRandom(seed);
  const centres = new Map<string | null, readonly [number, number]>();
  const pca = layout?.method === 'pca';
  const spread = pca ? 2.4 : 0.7;
  const coordinates = Float32Array.from(
    images.flatMap(({ className }) => {
      const centre = centres.get(className) ?? [random.gaussian() * 4, random.gaussian() * 4];
      centres.set(className, centre);
      return [centre[0] + spread * random.gaussian(), centre[1] + spread * random.gaussian()];
    }),
  );
  workspace().map.setState({
    status: 'done',
    runId,
    key: `${runId} ${seed}`,
    images,
    available: images.length,
    dimensions: 2048,
    stage: null,
    progress: null,
    ...changes,
    layout: { method: 'umap', settled: true, ...layout, coordinates },
  });
}
