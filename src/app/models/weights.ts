import { createStore } from 'zustand/vanilla';
import type { UsableWeights } from '../../core/weights-catalogue.ts';
import { lookUpWeights as lookUp } from '../../core/weights-files.ts';
import type { HubEntry } from '../../models/weights/look-up.ts';
import type { CachedWeights, Weights } from '../../types.ts';
import { context } from '../context.ts';
import { settingsStore } from '../settings/settings.ts';

const { weights: catalogue } = context;

/** Whether the origin's list was read; not where the app was started without its server. */
const originStore = createStore<{ readonly listed: boolean }>()(() => ({ listed: false }));

export const isOriginListed = (): boolean => originStore.getState().listed;

/** Looks up what the app's own origin serves and what the browser keeps. */
export async function loadWeightsLists(): Promise<void> {
  originStore.setState({ listed: false });
  const weightsLast = await catalogue.load();
  originStore.setState({ listed: true });
  settingsStore.setState(({ storage }) => ({ storage: { ...storage, weightsLast } }));
}

export const allWeights = (): Weights[] => catalogue.all();
export const cachedWeights = (id: string): CachedWeights | null => catalogue.cached(id);
export const findWeightsById = (id: string): Weights | null => catalogue.find(id);
/** Asks the hub what a repository holds, as a user types or pastes it; only on the user's press. */
export const lookUpWeights = (text: string): Promise<HubEntry> => lookUp(context, text);

export const usableWeights = (weights: Weights): UsableWeights | null => catalogue.usable(weights);
