import type { IndexView, SearchTiming } from '../../state/search.ts';
import { formatAmount, formatDuration, formatProgressShare, formatRecall } from '../format.ts';

/** "Embedded in 38 ms, searched 12,400 images in 0.4 ms by HNSW, recall@10 0.998 (exact: 2.1 ms)" */
export function timingWords(timing: SearchTiming, index: IndexView): string {
  const searched = `earched ${formatAmount(timing.galleryImages, 'image')} in ${formatDuration(timing.searchMs)}`;
  const start =
    timing.embedMs === null ? `S${searched}` : `Embedded in ${formatDuration(timing.embedMs)}, s${searched}`;
  if (timing.index === 'exact') {
    return `${start} by exact search${other('HNSW', index.hnswMs)}`;
  }
  const recall = index.recallAt10 === null ? '' : `, recall@10 ${formatRecall(index.recallAt10)}`;
  return `${start} by HNSW${recall}${other('exact', index.exactMs)}`;
}

function other(name: string, milliseconds: number | null): string {
  return milliseconds === null ? '' : ` (${name}: ${formatDuration(milliseconds)})`;
}

/** What the index is doing, where that matters to the answers; null where it does not. */
export function indexWords({ status, built }: IndexView, wanted: 'exact' | 'hnsw'): string | null {
  if (wanted === 'exact') return null;
  switch (status) {
    case 'building':
      return `Exact search answers while the HNSW index is being built (${formatProgressShare(built)}).`;
    case 'loading':
      return 'The index is being loaded.';
    case 'none':
    case 'ready':
      return null;
  }
}
