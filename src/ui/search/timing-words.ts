import type { IndexChoice, IndexView, SearchTiming } from '../../app/search/search.ts';
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

/** What the index is doing or why it is this one, where that matters to the answers; null where it does not. */
export function indexWords(index: IndexView, choice: IndexChoice): string | null {
  const words = [indexState(index, choice), index.kernel === 'plain' ? WITHOUT_SIMD : null];
  return words.filter((sentence) => sentence !== null).join(' ') || null;
}

const WITHOUT_SIMD = 'This browser’s WebAssembly has no SIMD: the search runs in plain JavaScript and takes longer.';

function indexState({ status, kind, built }: IndexView, choice: IndexChoice): string | null {
  switch (status) {
    case 'building':
      return `Exact search answers while the HNSW index is being built (${formatProgressShare(built)}).`;
    case 'loading':
      return kind === 'exact' ? null : 'Exact search answers while the HNSW index is being read.';
    case 'ready':
      return choice === 'auto' && kind === 'exact'
        ? 'Exact search was chosen by itself: a gallery of this size needs no index.'
        : null;
    case 'none':
      return null;
  }
}
