import {
  buildIndex,
  heldFor,
  indexFor,
  isBuilt,
  keepIndex,
  loadIndex,
  measureRecall,
  restoreGallery,
  type StoredAt,
} from '../../core/gallery.ts';
import { modelId, splitImages } from '../../core/run.ts';
import { runBlocks } from '../../core/run-blocks.ts';
import { runEmbeddings } from '../../core/run-embeddings.ts';
import { repeatedOnce } from '../../core/worker-faults.ts';
import { backendNamed, type IndexKind } from '../../search/backends.ts';
import { context } from '../context.ts';
import { jobs } from '../jobs/jobs.ts';
import type { Workspace } from '../workspace.ts';
import type { IndexView } from './search.ts';
import type { SearchSession } from './search-session.ts';

export const NO_INDEX = {
  status: 'none',
  kind: 'exact',
  built: 0,
  recallAt10: null,
  indexMs: null,
  exactMs: null,
} as const;

/**
 * Reads or builds the index that is to answer; exact search answers meanwhile, so no query waits for it. `searchAgain` is
 * called when it is ready and what is shown was found without it.
 */
export async function prepareIndex(
  workspace: Workspace,
  session: SearchSession,
  searchAgain: () => Promise<void>,
): Promise<void> {
  const { indexChoice, efSearch } = workspace.search.getState();
  const kind = indexFor(context, session.key, indexChoice);
  // Another model, or another index, may be chosen meanwhile, and its gallery takes the place of this one.
  const isCurrent = () =>
    workspace.searching.session === session &&
    indexFor(context, session.key, workspace.search.getState().indexChoice) === kind;
  const change = (index: Partial<IndexView>) => {
    if (isCurrent()) workspace.search.setState((state) => ({ index: { ...state.index, ...index } }));
  };
  const ready = async () => {
    const recall = await recallOf(session, kind).catch((error: unknown) => {
      if (isCurrent()) jobs.fail('search', error);
      return null;
    });
    change({ status: 'ready', built: 1, ...recall });
    if (isCurrent() && workspace.search.getState().timing?.index === 'exact') await searchAgain();
  };
  if (!isBuilt(kind)) return change({ ...NO_INDEX, kind, status: 'ready' });
  change({ ...NO_INDEX, kind, status: 'loading' });
  const stored = await storedAt(session);
  // Galleries that others open or score meanwhile free this one only when it is done with.
  const release = context.search.use(heldFor(kind, session.key));
  try {
    await restoreGallery(context, session.key, kind);
    const loaded = await loadIndex(context, session.key, kind, stored, efSearch).catch((error) => {
      if (isCurrent()) jobs.fail('search', error);
      return false;
    });
    if (loaded) return await ready();
  } finally {
    release();
  }
  if (!isCurrent()) return;
  change({ status: 'building' });
  void jobs
    .run(
      { screen: 'search', stage: `Building the ${backendNamed(kind).label} index`, unit: 'points' },
      async ({ signal, report }) => {
        const total = session.gallery.length;
        const either = AbortSignal.any([signal, session.controller.signal]);
        // A run that is scored meanwhile frees other galleries.
        const releaseBuilt = context.search.use(heldFor(kind, session.key));
        try {
          await repeatedOnce(either, async () => {
            await restoreGallery(context, session.key, kind);
            await buildIndex(context, session.key, kind, efSearch, either, (done) => {
              report({ done, total, rate: null, secondsLeft: null });
              change({ built: done / total });
            });
            await ready();
          });
          // Without it the index is built again after a reload; it answers now either way.
          await keepIndex(context, session.key, kind, stored).catch((error) => jobs.fail('search', error));
        } finally {
          releaseBuilt();
        }
      },
    )
    .then((built) => {
      if (!built) change({ status: 'none' });
    });
}

async function storedAt({ run }: SearchSession): Promise<StoredAt> {
  const at = { datasetId: run.datasetId, modelId: await modelId(run), split: 'gallery' } as const;
  return { at, digest: (await context.digests.order(run, 'gallery')).digest };
}

/** Measured with the queries of the data set, else with gallery images themselves. */
export async function recallOf({ run, key }: SearchSession, kind: IndexKind) {
  if (splitImages(run.images, 'query').length > 0) {
    return measureRecall(context, key, kind, await runEmbeddings(context, run, 'query'));
  }
  // The first block is more than enough, and all of them may be hundreds of megabytes.
  for await (const some of runBlocks(context, run, 'gallery').blocks()) return measureRecall(context, key, kind, some);
  return null;
}
