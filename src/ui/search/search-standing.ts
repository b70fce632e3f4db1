import type { RunningJob } from '../../app/jobs/jobs.ts';

/** What the search screen shows, and in place of a search what it waits for. */
export type SearchStanding = 'search' | 'loading' | 'no-data' | 'no-gallery' | 'embedding' | 'not-embedded';

export interface SearchSituation {
  /** Null while none is open. */
  readonly datasetId: string | null;
  /** The list of data sets is still being read. */
  readonly loading: boolean;
  readonly hasGallery: boolean;
  /** A model answers. */
  readonly searchable: boolean;
  /** One is being looked for or loaded. */
  readonly opening: boolean;
}

export function searchStanding(
  { datasetId, loading, hasGallery, searchable, opening }: SearchSituation,
  running: readonly Pick<RunningJob, 'job' | 'scope'>[],
): SearchStanding {
  if (datasetId !== null && searchable) return 'search';
  if (loading) return 'loading';
  if (datasetId === null) return 'no-data';
  if (!hasGallery) return 'no-gallery';
  // Its scores and the opening of its gallery follow: both belong to the job.
  const embeds = running.some(
    ({ job, scope }) => scope === datasetId && (job?.kind === 'embed' || job?.kind === 'compare'),
  );
  if (embeds) return 'embedding';
  return opening ? 'loading' : 'not-embedded';
}
