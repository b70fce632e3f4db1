/**
 * `#/search?query=<hash>&crop=<x,y,width,height>&model=<run>&rank=<ranking>&k=10&precision=90` and the search store follow each other, so that back, forward and reload do
 * what a user expects. `query=first` is the first image of the query
 * split, unless a query is shown already. A new query is a new history entry; a new frame, model, k or precision is not.
 */
import { useEffect, useRef } from 'react';
import type { Actions } from '../../app/actions.ts';
import { PRECISIONS } from '../../app/search/cutoff.ts';
import { RANKINGS, type RankingName } from '../../app/search/search.ts';
import type { Workspace } from '../../app/workspace.ts';
import type { CropFrame } from '../../types.ts';
import { currentParameters, currentPath, navigate, useHashParameters } from '../location.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { isInside } from './crop/frame.ts';

const PATH = '/search';

interface SearchAddress {
  readonly query: string | null;
  /** The part of the query's picture that is searched with. */
  readonly crop: CropFrame | null;
  readonly model: string | null;
  readonly rank: RankingName | null;
  readonly k: number | null;
  /** Share between 0 and 1. */
  readonly precision: number | null;
}

function parseSearchAddress(parameters: string): SearchAddress {
  const read = new URLSearchParams(parameters);
  const k = Number(read.get('k'));
  return {
    query: read.get('query')?.match(/^([0-9a-f]{64}|first)$/)?.[0] ?? null,
    crop: parseCrop(read.get('crop')),
    model: read.get('model'),
    rank: RANKINGS.find(({ name }) => name === read.get('rank'))?.name ?? null,
    k: Number.isInteger(k) && k >= 1 && k <= 100 ? k : null,
    precision: PRECISIONS.find((precision) => precision === Number(read.get('precision')) / 100) ?? null,
  };
}

function addressOfState(workspace: Workspace): string {
  const { query, runId, rank, k } = workspace.search.getState();
  const parameters = new URLSearchParams();
  if (query !== null) parameters.set('query', query.hash);
  if (query !== null && query.crop !== null) parameters.set('crop', writeCrop(query.crop));
  if (runId !== null) parameters.set('model', runId);
  if (rank !== 'plain') parameters.set('rank', rank);
  parameters.set('k', String(k));
  const { precision } = workspace.cutoff.getState();
  if (precision !== null) parameters.set('precision', String(precision * 100));
  return parameters.toString();
}

/** How many queries of this visit lie before this history entry. */
function depth(): number {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'depth' in state && typeof state.depth === 'number'
    ? state.depth
    : 0;
}

function writeAddress(workspace: Workspace, kind: 'push' | 'replace'): void {
  const wanted = addressOfState(workspace);
  if (wanted === currentParameters() || currentPath() !== PATH || workspace.closed.aborted) return;
  const replace = kind === 'replace';
  navigate(`${PATH}?${wanted}`, { replace, state: { depth: replace ? depth() : depth() + 1 } });
}

/** Back to the query before this one, or to none. */
export function goBack({ clearQuery }: Pick<Actions, 'clearQuery'>): void {
  if (depth() > 0) history.back();
  else clearQuery();
}

/** Makes the store what the address says. */
async function followAddress(workspace: Workspace, actions: Actions): Promise<void> {
  const address = parseSearchAddress(currentParameters());
  const usable = workspace.comparison.getState().runs.some(({ id }) => id === address.model);
  if (address.model !== null && usable && address.model !== workspace.search.getState().runId) {
    // Followed, not chosen: the next visit opens with the best one again.
    await actions.searchWithRun(address.model, address.rank ?? undefined);
  } else if (address.rank !== null && address.rank !== workspace.search.getState().rank) {
    await actions.setRank(address.rank);
  }
  if (address.k !== null && address.k !== workspace.search.getState().k) await actions.setK(address.k);
  if (address.precision !== null && address.precision !== workspace.cutoff.getState().precision) {
    await actions.setCutoff(address.precision);
  }
  const shown = workspace.search.getState().query;
  const wanted = address.query === 'first' ? (shown?.hash ?? firstQuery(workspace)) : address.query;
  if (wanted === (shown?.hash ?? null)) {
    if (shown !== null && !sameCrop(shown.crop, address.crop)) await actions.cropQuery(address.crop);
  } else if (wanted === null) actions.clearQuery();
  else await actions.searchHash(wanted, address.crop);
}

/** An example for users who want to see how search works: an image of the query split, else of the gallery. */
function firstQuery(workspace: Workspace): string | null {
  const read = workspace.dataset.getState().images.filter(({ hash }) => hash !== null);
  const of = (split: string) => read.find((image) => image.split === split)?.hash ?? null;
  return of('query') ?? of('gallery');
}

export function useSearchAddress(): void {
  const workspace = useWorkspace();
  const actions = useActions();
  const parameters = useHashParameters();
  /** How many changes of the address are being followed: meanwhile the store is not written back. */
  const following = useRef(0);

  useEffect(() => {
    if (parameters === '') {
      // Coming back to the screen by its bare address shows what was shown.
      writeAddress(workspace, 'replace');
      return;
    }
    following.current += 1;
    void followAddress(workspace, actions).finally(() => {
      following.current -= 1;
      // A query or model that is not there leaves the address again.
      if (following.current === 0) writeAddress(workspace, 'replace');
    });
  }, [parameters, workspace, actions]);

  useEffect(
    () =>
      workspace.search.subscribe((state, previous) => {
        if (following.current > 0) return;
        if (state.query?.hash !== previous.query?.hash)
          writeAddress(workspace, state.query === null ? 'replace' : 'push');
        else if (
          state.runId !== previous.runId ||
          state.rank !== previous.rank ||
          state.k !== previous.k ||
          state.query?.crop !== previous.query?.crop
        )
          writeAddress(workspace, 'replace');
      }),
    [workspace],
  );
}

/** Finer than a pixel of any picture on a screen. */
const DIGITS = 4;

/** Null where it is none that could have been drawn. */
export function parseCrop(text: string | null): CropFrame | null {
  const [x = -1, y = -1, width = 0, height = 0, ...more] = (text ?? '').split(',').map(Number);
  const frame = { x, y, width, height };
  return more.length === 0 && isInside(frame) ? frame : null;
}

export function writeCrop({ x, y, width, height }: CropFrame): string {
  return [x, y, width, height].map((share) => Number(share.toFixed(DIGITS))).join();
}

export function sameCrop(a: CropFrame | null, b: CropFrame | null): boolean {
  return (a && writeCrop(a)) === (b && writeCrop(b));
}

/** The search screen with that image as its query, by that run; by the best where it is null. */
export function searchAddress(hash: string, runId: string | null): string {
  const parameters = new URLSearchParams({ query: hash });
  if (runId !== null) parameters.set('model', runId);
  return `/search?${parameters}`;
}
