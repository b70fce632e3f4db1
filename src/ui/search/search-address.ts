/**
 * `#/search?query=<hash>&crop=<x,y,width,height>&model=<run>&k=10&precision=90` and the search store follow each other, so that back, forward and reload do
 * what a person expects. A new query is a new history entry; a new frame, model, k or precision is not.
 */
import { useEffect, useRef } from 'react';
import { chooseRun, clearQuery, cropQuery, searchHash, setCutoff, setK } from '../../state/actions.ts';
import { comparisonStore } from '../../state/comparison.ts';
import { cutoffStore, PRECISIONS } from '../../state/cutoff.ts';
import { searchStore } from '../../state/search.ts';
import type { CropFrame } from '../../types.ts';
import { currentParameters, currentPath, navigate, useHashParameters } from '../location.ts';
import { parseCrop, sameCrop, writeCrop } from './crop/crop-address.ts';

const PATH = '/search';

interface SearchAddress {
  readonly query: string | null;
  /** The part of the query's picture that is searched with. */
  readonly crop: CropFrame | null;
  readonly model: string | null;
  readonly k: number | null;
  /** Share between 0 and 1. */
  readonly precision: number | null;
}

export function parseSearchAddress(parameters: string): SearchAddress {
  const read = new URLSearchParams(parameters);
  const k = Number(read.get('k'));
  return {
    query: read.get('query')?.match(/^[0-9a-f]{64}$/)?.[0] ?? null,
    crop: parseCrop(read.get('crop')),
    model: read.get('model'),
    k: Number.isInteger(k) && k >= 1 && k <= 100 ? k : null,
    precision: PRECISIONS.find((precision) => precision === Number(read.get('precision')) / 100) ?? null,
  };
}

function addressOfState(): string {
  const { query, runId, k } = searchStore.getState();
  const parameters = new URLSearchParams();
  if (query !== null) parameters.set('query', query.hash);
  if (query !== null && query.crop !== null) parameters.set('crop', writeCrop(query.crop));
  if (runId !== null) parameters.set('model', runId);
  parameters.set('k', String(k));
  const { precision } = cutoffStore.getState();
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

function writeAddress(kind: 'push' | 'replace'): void {
  const wanted = addressOfState();
  if (wanted === currentParameters() || currentPath() !== PATH) return;
  const replace = kind === 'replace';
  navigate(`${PATH}?${wanted}`, { replace, state: { depth: replace ? depth() : depth() + 1 } });
}

/** Back to the query before this one, or to none. */
export function goBack(): void {
  if (depth() > 0) history.back();
  else clearQuery();
}

/** Makes the store what the address says. */
async function followAddress(): Promise<void> {
  const address = parseSearchAddress(currentParameters());
  const usable = comparisonStore.getState().runs.some(({ id }) => id === address.model);
  if (address.model !== null && usable && address.model !== searchStore.getState().runId) {
    await chooseRun(address.model);
  }
  if (address.k !== null && address.k !== searchStore.getState().k) await setK(address.k);
  if (address.precision !== null && address.precision !== cutoffStore.getState().precision) {
    await setCutoff(address.precision);
  }
  const shown = searchStore.getState().query;
  if (address.query === (shown?.hash ?? null)) {
    if (shown !== null && !sameCrop(shown.crop, address.crop)) await cropQuery(address.crop);
  } else if (address.query === null) clearQuery();
  else await searchHash(address.query, address.crop);
}

export function useSearchAddress(): void {
  const parameters = useHashParameters();
  /** How many changes of the address are being followed: meanwhile the store is not written back. */
  const following = useRef(0);

  useEffect(() => {
    if (parameters === '') {
      // Coming back to the screen by its bare address shows what was shown.
      writeAddress('replace');
      return;
    }
    following.current += 1;
    void followAddress().finally(() => {
      following.current -= 1;
      // A query or model that is not to be had leaves the address again.
      if (following.current === 0) writeAddress('replace');
    });
  }, [parameters]);

  useEffect(
    () =>
      searchStore.subscribe((state, previous) => {
        if (following.current > 0) return;
        if (state.query?.hash !== previous.query?.hash) writeAddress(state.query === null ? 'replace' : 'push');
        else if (state.runId !== previous.runId || state.k !== previous.k || state.query?.crop !== previous.query?.crop)
          writeAddress('replace');
      }),
    [],
  );
}
