import type { EmbeddingMapState } from '../../../app/dashboard/embedding-map.ts';
import type { Split } from '../../../types.ts';
import { formatAmount, formatCount, formatTimeLeft } from '../../format.ts';

export const splitNames: Readonly<Record<Split, string>> = { training: 'Training', gallery: 'Gallery', query: 'Query' };

/** What each image is called on the map: its class; its cluster where clusters are shown, by the class that all of it has. */
export function groupNames(
  images: readonly { readonly path: string; readonly className: string | null }[],
  clusters: ReadonlyMap<string, number> | null,
): (string | null)[] {
  if (clusters === null) return images.map(({ className }) => className);
  const named = new Map<number, string | null>();
  for (const { path, className } of images) {
    const cluster = clusters.get(path);
    if (cluster === undefined) continue;
    const known = named.get(cluster);
    named.set(cluster, known === undefined || known === className ? className : null);
  }
  return images.map(({ path }) => {
    const cluster = clusters.get(path);
    return cluster === undefined ? null : (named.get(cluster) ?? `Cluster ${formatCount(cluster + 1)}`);
  });
}

/** What is being done now, how far it is and how long it will take. */
export function progressLine({ stage, progress, layout }: EmbeddingMapState): string {
  const left = progress?.secondsLeft === null || progress === null ? '' : `, ${formatTimeLeft(progress.secondsLeft)}`;
  const done = progress === null ? '' : `: ${formatCount(progress.done)} of ${formatCount(progress.total)}`;
  const shown = layout?.method === 'pca' ? ' The principal components are shown meanwhile.' : '';
  switch (stage) {
    case 'neighbours':
      return `Finding each image’s nearest neighbours${done}${left}.${shown}`;
    case 'layout':
      return progress === null ? `Preparing the layout.${shown}` : `Laying out by UMAP, epoch${done.slice(1)}${left}.`;
    default:
      return 'Finding the principal components.';
  }
}

/** What is on the map. */
export function mapLine({ images, available, layout, seed, status }: EmbeddingMapState): string {
  const what =
    available > images.length
      ? `A sample of ${formatCount(images.length)} of ${formatAmount(available, 'image')}, drawn by split and class in proportion.`
      : `${formatAmount(images.length, 'image')}.`;
  if (layout?.method === 'umap') return `${what} UMAP, seed ${seed}${layout.settled ? '' : ', not finished'}.`;
  if (layout === null) return what;
  return `${what} ${status === 'done' ? 'Too few for UMAP: the first two principal components' : 'The first two principal components'}.`;
}

/** A map shows neighbourhoods, but is not where they are computed. */
export function spaceLine(dimensions: number | null): string {
  const space = dimensions === null ? 'the full space' : `all ${formatCount(dimensions)} dimensions`;
  return `Neighbours are computed in ${space}, not on this map: points that lie close together here need not be neighbours.`;
}
