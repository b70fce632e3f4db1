import type { UsableWeights } from '../../core/weights-catalogue.ts';
import { lookUpWeights as lookUp } from '../../core/weights-files.ts';
import type { HubEntry } from '../../models/weights/look-up.ts';
import type { CachedWeights, Weights } from '../../types.ts';
import { context } from '../context.ts';
import { originListStore, settingsStore } from '../settings/settings.ts';

const { weights: catalogue } = context;

export const isOriginListed = (): boolean => originListStore.getState().listed;

/** Looks up what the app's own origin serves and what the browser keeps. */
export async function loadWeightsLists(): Promise<void> {
  originListStore.setState({ listed: false });
  const weightsLast = await catalogue.load();
  originListStore.setState({ listed: true });
  settingsStore.setState(({ storage }) => ({ storage: { ...storage, weightsLast } }));
}

export const allWeights = (): Weights[] => catalogue.all();
export const cachedWeights = (id: string): CachedWeights | null => catalogue.cached(id);
export const findWeightsById = (id: string): Weights | null => catalogue.find(id);
/** Asks the hub what a repository holds, as a user types or pastes it; only on the user's press. */
export const lookUpWeights = (text: string): Promise<HubEntry> => lookUp(context, text);

export const usableWeights = (weights: Weights): UsableWeights | null => catalogue.usable(weights);
