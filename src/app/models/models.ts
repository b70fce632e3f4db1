import { createStore } from 'zustand/vanilla';
import { groupOf } from '../../models/backbones.ts';
import { partsOfId } from '../../models/specs/variants.ts';
import type { CachedWeights, Scores, Weights } from '../../types.ts';

export interface DownloadView {
  readonly receivedBytes: number;
  readonly totalBytes: number | null;
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/**
 * What a set of weights stands under, in the order of the screens: what is here needs no download, what is served comes from the
 * app's own server, then the built-in sets of the hub, then others of it.
 */
export const MODEL_GROUPS = ['here', 'served', 'paper', 'light', 'strong', 'hub'] as const;
export type ModelGroup = (typeof MODEL_GROUPS)[number];

/** Whether it is a set of weights at another input size, or with mirror images: a row that the user added. */
export const isVariant = ({ id }: Weights): boolean => partsOfId(id).weightsId !== id;

/** A row of the models screen. */
export interface ModelRow {
  readonly weights: Weights;
  /** What was downloaded is at hand: with its state, the row changes its place. */
  readonly group: ModelGroup;
  readonly ticked: boolean;
  /** Null while not in the browser's cache; the descriptor needs none. */
  readonly cached: CachedWeights | null;
  /** Bytes of an unfinished download that will be continued. */
  readonly partialBytes: number;
  readonly download: DownloadView | null;
  /** Images of the current data set that have features, of all that could. */
  readonly embedded: number;
  readonly embedding: boolean;
  /** As fast as this machine is with it, measured now or in an earlier visit; null where it never was. */
  readonly imagesPerSecond: number | null;
  /** Scores of the frozen model on the test split, once all is embedded and labels are known. */
  readonly scores: Scores | null;
}

export interface ModelsState {
  readonly rows: readonly ModelRow[];
  /** Whether the rows say what is embedded: after the start, 100,000 images take their time to be counted. */
  readonly counted: boolean;
}

export const createModelsStore = () => createStore<ModelsState>()(() => ({ rows: [], counted: false }));

export function groupFor({ id, origin }: Weights, cached: CachedWeights | null): ModelGroup {
  if (cached !== null) return 'here';
  if (origin === 'origin') return 'served';
  return origin === 'hub' ? (groupOf(partsOfId(id).weightsId) ?? 'hub') : 'here';
}

/** By group; within one in the order of the catalogue, the descriptor after the networks. */
export function arranged(rows: readonly ModelRow[]): ModelRow[] {
  const place = ({ group, weights }: ModelRow) =>
    2 * MODEL_GROUPS.indexOf(group) + Number(weights.origin === 'built-in');
  return rows.toSorted((a, b) => place(a) - place(b));
}

/** Images that are still to be embedded: of imported vectors none, since nothing here computes more of them. */
export const leftToEmbed = ({ weights, embedded }: Pick<ModelRow, 'weights' | 'embedded'>, images: number): number =>
  weights.origin === 'own' ? 0 : Math.max(0, images - embedded);

/** Those that every image is embedded with, the descriptor among them. */
export const embeddedRows = (rows: readonly ModelRow[], images: number): ModelRow[] =>
  images === 0 ? [] : rows.filter((row) => row.embedded >= images);

/** A row without what belongs to a data set. */
export const uncounted = (row: ModelRow): ModelRow => ({
  ...row,
  embedded: 0,
  embedding: false,
  scores: null,
});

/** Images a second that these weights were measured at on this machine; null while unknown. */
export const speedIn = (rows: readonly ModelRow[], weightsId: string): number | null =>
  rows.find(({ weights }) => weights.id === weightsId)?.imagesPerSecond ?? null;

export { unlistedLabel } from '../../core/weights-catalogue.ts';
export type { HubEntry } from '../../models/weights/look-up.ts';
