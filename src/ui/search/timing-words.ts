import { backendNamed, type IndexView, type SearchTiming, type ServerView } from '../../app/search/search.ts';
import { formatAmount, formatDuration, formatProgressShare, formatRecall } from '../format.ts';

/** Clocks of browsers are too coarse for less. */
const SHORTEST_MS = 0.1;

const time = (milliseconds: number): string =>
  milliseconds < SHORTEST_MS ? `under ${formatDuration(SHORTEST_MS)}` : formatDuration(milliseconds);

/** "38 ms": from the picture to its neighbours. */
export const timingFigure = ({ embedMs, searchMs }: SearchTiming): string => time((embedMs ?? 0) + searchMs);

/** "Embedded in 38 ms, searched 12,400 images in 0.4 ms by HNSW, recall@10 0.998 (exact: 2.1 ms)" */
export function timingWords(timing: SearchTiming, index: IndexView, server: ServerView | null = null): string {
  const { galleryImages } = timing;
  const amount = galleryImages === null ? null : formatAmount(galleryImages, 'image');
  const what =
    timing.index === 'engine'
      ? `${amount === null ? '' : `about ${amount} of `}the server’s gallery`
      : (amount ?? 'the gallery');
  const searched = `earched ${what} in ${time(timing.searchMs)}`;
  const start = timing.embedMs === null ? `S${searched}` : `Embedded in ${time(timing.embedMs)}, s${searched}`;
  if (timing.index === 'engine') return `${start} by ${serverSearchWords(server)}`;
  if (timing.index === 'exact') {
    return `${start} by exact search${other(backendNamed(index.kind).label, index.indexMs)}`;
  }
  if (timing.index === 'codes') return `${start} by ${CODES}, the best again by their embeddings`;
  const recall = index.recallAt10 === null ? '' : `, recall@10 ${formatRecall(index.recallAt10)}`;
  return `${start} by ${backendNamed(timing.index).label}${recall}${other('exact', index.exactMs)}`;
}

const CODES = backendNamed('codes').label;

/** "pgvector’s HNSW, recall@10 0.998" */
function serverSearchWords(server: ServerView | null): string {
  if (server?.collection?.indexed === false) return 'comparing with all, since it has no index';
  return `pgvector’s HNSW${server?.recall ? `, recall@10 ${formatRecall(server.recall.at10)}` : ''}`;
}

function other(name: string, milliseconds: number | null): string {
  return milliseconds === null ? '' : ` (${name}: ${time(milliseconds)})`;
}

/** What the index is doing, where that matters to the answers; null where it does not. */
export function indexWords(index: IndexView): string | null {
  const words = [indexState(index), index.kernel === 'plain' ? WITHOUT_SIMD : null];
  return words.filter((sentence) => sentence !== null).join(' ') || null;
}

const WITHOUT_SIMD = 'This browser’s WebAssembly has no SIMD: the search runs in plain JavaScript and takes longer.';

function indexState({ status, kind, built }: IndexView): string | null {
  switch (status) {
    case 'building':
      return `Exact search answers while the ${backendNamed(kind).label} index is being built (${formatProgressShare(built)}).`;
    case 'loading':
      return kind === 'exact'
        ? null
        : `Exact search answers while the ${backendNamed(kind).label} index is being read.`;
    case 'ready':
    case 'none':
      return null;
  }
}
