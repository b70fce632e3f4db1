import { Button } from '@mantine/core';
import { IconPhoto, IconStack2 } from '@tabler/icons-react';
import { Link } from 'wouter';
import { datasetListStore } from '../../app/dataset/dataset-list.ts';
import { jobs, type RunningJob } from '../../app/jobs/jobs.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { Failures } from '../components/Notice.tsx';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { datasetSize } from '../frame/marks.ts';
import { ScreenSkeleton } from '../frame/ScreenSkeleton.tsx';
import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import { SearchView } from './SearchView.tsx';
import styles from './search.module.css';

export default function SearchScreen() {
  const status = useStore(datasetListStore, (state) => state.status);
  const datasetId = useStore(useWorkspace().dataset, (state) => state.dataset?.id ?? null);
  const searchable = useStore(useWorkspace().search, (state) => state.runId !== null);
  const opening = useStore(useWorkspace().search, (state) => state.opening);
  const hasGallery = useStore(useWorkspace().dataset, (state) => (state.dataset?.counts.gallery ?? 0) > 0);
  const images = useStore(useWorkspace().dataset, datasetSize);
  const embedded = useStore(useWorkspace().models, ({ rows }) =>
    rows.some((row) => images > 0 && row.embedded >= images),
  );
  const situation = { datasetId, loading: status === 'loading', hasGallery, embedded, searchable, opening };
  const standing = useStore(jobs.store, ({ running }) => searchStanding(situation, running));
  if (standing === 'search') return <SearchView key={datasetId} />;
  if (standing === 'loading') {
    return (
      <>
        <Failures screen="search" />
        <ScreenSkeleton />
      </>
    );
  }
  return (
    <div className={styles.view}>
      <ScreenHeader title="Search" />
      <Failures screen="search" />
      {standing === 'no-gallery' ? (
        <EmptyState
          icon={<IconPhoto size={32} stroke={1.4} aria-hidden="true" />}
          title="This data set has no gallery"
          action={
            <Button component={Link} href="/data">
              Go to Data
            </Button>
          }
        >
          The gallery is what is searched: give a folder of images the role gallery.
        </EmptyState>
      ) : standing !== 'no-data' ? (
        <EmptyState
          icon={<IconStack2 size={32} stroke={1.4} aria-hidden="true" />}
          title={standingWords[standing].title}
          action={
            <Button component={Link} href="/models">
              Go to Models
            </Button>
          }
        >
          {standingWords[standing].text}
        </EmptyState>
      ) : (
        <EmptyState
          icon={<IconPhoto size={32} stroke={1.4} aria-hidden="true" />}
          title="No images to search yet"
          action={
            <Button component={Link} href="/data">
              Go to Data
            </Button>
          }
        >
          Open a folder of images first; it can be dropped on this screen too.
        </EmptyState>
      )}
    </div>
  );
}

const standingWords = {
  embedding: {
    title: 'The gallery is being embedded',
    text: 'Search opens as soon as the gallery has features of one model.',
  },
  'not-embedded': {
    title: 'Nothing is embedded yet',
    text: 'To be found, the gallery’s images need the features of a model. Colour and gradient needs no download.',
  },
  'no-order': {
    title: 'No model can rank these images',
    text: 'They are embedded, but no model tells them apart: pictures that look alike to a model have one and the same embedding, so that none can be ranked before another. Try another model.',
  },
} as const;

/** What the search screen shows, and in place of a search what it waits for. */
type SearchStanding = 'search' | 'loading' | 'no-data' | 'no-gallery' | 'embedding' | 'not-embedded' | 'no-order';

export interface SearchSituation {
  /** Null while none is open. */
  readonly datasetId: string | null;
  /** The list of data sets is still being read. */
  readonly loading: boolean;
  readonly hasGallery: boolean;
  /** A model has embedded all images. */
  readonly embedded: boolean;
  /** A model answers. */
  readonly searchable: boolean;
  /** One is being looked for or loaded. */
  readonly opening: boolean;
}

export function searchStanding(
  { datasetId, loading, hasGallery, embedded, searchable, opening }: SearchSituation,
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
  if (opening) return 'loading';
  return embedded ? 'no-order' : 'not-embedded';
}
