import * as v from 'valibot';
import { AppError, issueWords } from '../../errors.ts';
import type { Weights } from '../../types.ts';
import { BACKBONES } from '../backbones.ts';
import { ARCHITECTURES } from '../specs/architectures.ts';
import { askJson, findJson } from './ask.ts';
import { type ListedModel, listedSchema, listingSchema, treeSchema } from './records.ts';
import type { Patience } from './retry.ts';

export const HUB = new URL('https://huggingface.co/');

/** The addresses of one set of weights, and what is known of its file beforehand. */
export interface Source {
  readonly config: URL;
  readonly file: URL;
  readonly bytes: number | null;
  readonly sha256: string | null;
  /**
   * Whether an ETag may be sent back with If-Range. Unlike Range it makes the browser ask servers of other origins for
   * permission first, which the hub's stores need not know how to give.
   */
  readonly conditional: boolean;
  /** For people. */
  readonly from: string;
}

/** Where servers are. `origin` is the folder that the app was loaded from. */
export interface Bases {
  readonly hub: URL;
  readonly origin: URL;
}

/**
 * Asks the server of these weights for their size and hash.
 * @throws AppError 'download-failed', 'weights-refused', 'aborted', 'bad-argument' for weights that come from no server.
 */
export async function locate(weights: Weights, bases: Bases, patience: Patience, signal: AbortSignal): Promise<Source> {
  if (weights.origin === 'origin') return locateOnOrigin(weights.id, bases.origin, patience, signal);
  if (weights.origin === 'hub' && weights.repository !== null) {
    return locateOnHub(weights.repository, weights.revision ?? 'main', bases.hub, patience, signal);
  }
  throw new AppError('bad-argument', `The weights ${weights.id} cannot be downloaded: they come from no server.`);
}

async function locateOnHub(
  repository: string,
  revision: string,
  hub: URL,
  patience: Patience,
  signal: AbortSignal,
): Promise<Source> {
  const source = await findOnHub(repository, revision, hub, patience, signal);
  if (source) return source;
  throw new AppError('download-failed', `${hub.host} lists no model.safetensors in ${repository}. Nothing was cached.`);
}

/** Null where the repository has no model.safetensors. @throws AppError 'download-failed', 'weights-refused', 'aborted'. */
export async function findOnHub(
  repository: string,
  revision: string,
  hub: URL,
  patience: Patience,
  signal: AbortSignal,
): Promise<Source | null> {
  const path = repository.split('/').map(encodeURIComponent).join('/');
  const at = encodeURIComponent(revision);
  const answer = await askJson(new URL(`api/models/${path}/tree/${at}`, hub), patience, signal);
  const tree = v.safeParse(treeSchema, answer);
  const entry = tree.success ? tree.output.find((each) => each.path === 'model.safetensors') : undefined;
  if (!entry) return null;
  return {
    config: new URL(`${path}/resolve/${at}/config.json`, hub),
    file: new URL(`${path}/resolve/${at}/model.safetensors`, hub),
    bytes: entry.lfs?.size ?? entry.size,
    sha256: entry.lfs?.oid ?? null,
    conditional: false,
    from: `${hub.host}/${repository} (${revision})`,
  };
}

async function locateOnOrigin(id: string, origin: URL, patience: Patience, signal: AbortSignal): Promise<Source> {
  const { listed } = await readListing(origin, patience, signal);
  const entry = listed.find((each) => each.id === id);
  if (!entry) {
    throw new AppError('download-failed', `${origin.host} no longer lists the weights ${id}. Nothing was changed.`);
  }
  const folder = new URL(`models/${encodeURIComponent(id)}/`, origin);
  return {
    config: new URL('config.json', folder),
    file: new URL('model.safetensors', folder),
    bytes: entry.bytes,
    sha256: entry.sha256,
    conditional: true,
    from: `${origin.host}, models/${id}`,
  };
}

export interface Listing {
  readonly listed: readonly ListedModel[];
  /** Entries that cannot be used, each with the reason. */
  readonly ignored: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Reads models/index.json below the app's folder; a host that has none lists nothing.
 * @throws AppError 'download-failed', 'weights-refused', 'aborted'.
 */
export async function readListing(origin: URL, patience: Patience, signal: AbortSignal): Promise<Listing> {
  const json = await findJson(new URL('models/index.json', origin), patience, signal);
  const answer = v.safeParse(listingSchema, json ?? { models: [] });
  if (!answer.success) throw new AppError('weights-refused', `${origin.host} lists its weights in an unknown form.`);
  const listed: ListedModel[] = [];
  const ignored: { id: string; reason: string }[] = [];
  for (const entry of answer.output.models) {
    const parsed = v.safeParse(listedSchema, entry);
    if (parsed.success) listed.push(parsed.output);
    else ignored.push({ id: nameOf(entry), reason: issueWords(parsed.issues[0]) });
  }
  return { listed, ignored };
}

/** A listed set of weights as a row of the models screen; what is known of a built-in set is taken over. */
export function listedWeights({ id, architecture, bytes }: ListedModel): Weights {
  const builtIn = BACKBONES.find((each) => each.id === id && each.architecture === architecture);
  const { label, summary, features } = ARCHITECTURES[architecture];
  const unknown = { id, architecture, label, summary, features, licence: null, repository: null, revision: null };
  return { ...(builtIn ?? unknown), bytes, origin: 'origin' };
}

function nameOf(entry: unknown): string {
  const named = v.safeParse(v.object({ id: v.string() }), entry);
  return named.success ? named.output.id : '?';
}
