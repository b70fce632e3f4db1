import * as v from 'valibot';
import { AppError, quoted } from '../../errors.ts';
import type { Weights } from '../../types.ts';
import { BACKBONES } from '../backbones.ts';
import { isTransformersConfig, type ModelConfig, namesAnother, parseModelConfig } from '../config.ts';
import { parametersOf } from '../networks/network.ts';
import { recognise, resemblance } from '../recognition.ts';
import { openSafetensors, type Pieces } from '../safetensors.ts';
import { ARCHITECTURES } from '../specs/architectures.ts';
import { licenceLimits } from '../specs/licences.ts';
import type { SizeChoice } from '../specs/variants.ts';
import { ask, askJson, fileOf, findJson } from './ask.ts';
import { Interrupted, type Patience, retrying } from './retry.ts';
import { findOnHub } from './sources.ts';

/** A repository of the hub, as its config.json, its listing and its card describe it; nothing of it is downloaded yet. */
export interface HubEntry {
  readonly repository: string;
  readonly revision: string;
  /** Size of model.safetensors; null where it has none. */
  readonly bytes: number | null;
  readonly licence: string | null;
  /** What the licence forbids or asks for, as a clause whose subject it is; null where nothing but to name the authors. */
  readonly limits: string | null;
  /** Null where it cannot run here. */
  readonly runs: {
    /** Ready to be downloaded. */
    readonly weights: Weights;
    /** Numbers that the network is made of. */
    readonly parameters: number;
    /** Input sizes, the one that is used first. */
    readonly sizes: readonly SizeChoice[];
    /** What was read otherwise than config.json says. */
    readonly note: string | null;
  } | null;
  /** Why it cannot run, in a sentence; null where it can. */
  readonly problem: string | null;
}

export interface HubAddress {
  readonly repository: string;
  readonly revision: string;
}

/** Owner and name, as the hub allows them. */
const REPOSITORY = /^([A-Za-z0-9][\w.-]{0,95})\/([A-Za-z0-9][\w.-]{0,95})$/;
const REVISION = /^[\w.-]{1,100}$/;
/** Its own repositories need no owner. */
const TIMM = 'timm';

/**
 * What a user types or pastes: `timm/<name>`, any `owner/name`, timm's `hf-hub:owner/name`, a name alone (one of timm's), or
 * the address of a page of the hub.
 * @throws AppError 'bad-argument'.
 */
export function parseHubAddress(text: string, hub: URL): HubAddress {
  const typed = text.trim();
  const page = /^(?:https?:\/\/)?([^/\s]+)\/(.+)$/.exec(typed);
  const onHub = page?.[1] === hub.host || page?.[1] === `www.${hub.host}`;
  const path = onHub ? (page?.[2] ?? '') : typed.replace(/^hf[-_]hub:/, '');
  const [bare = ''] = path.split(/[?#]/);
  const [owner = '', name = '', kind, revision = 'main'] = bare.split('/').filter((part) => part !== '');
  const repository = bare.includes('/') ? `${owner}/${name}` : `${TIMM}/${owner}`;
  const known = REPOSITORY.test(repository) && !repository.includes('..');
  if (!known || (kind !== undefined && !onHub) || !REVISION.test(revision)) {
    const sentence = `${quoted(typed)} names no repository of ${hub.host}. Type timm/<name>, owner/name, or paste the address of its page.`;
    throw new AppError('bad-argument', sentence);
  }
  return { repository, revision: kind === undefined ? 'main' : revision };
}

const cardSchema = v.object({
  cardData: v.nullish(v.object({ license: v.nullish(v.union([v.string(), v.array(v.string())])) })),
});
const licenceSchema = v.object({
  pretrained_cfg: v.object({ license: v.string() }),
});

/**
 * Asks the hub what a repository holds: architecture, size, licence, and whether it can run here, down to the names and
 * shapes of its tensors.
 * @throws AppError 'download-failed' where the hub cannot be reached or has no such repository, 'bad-argument', 'aborted'.
 */
export async function lookUp(text: string, hub: URL, patience: Patience, signal: AbortSignal): Promise<HubEntry> {
  const { repository, revision } = parseHubAddress(text, hub);
  const path = repository.split('/').map(encodeURIComponent).join('/');
  const card = await askJson(new URL(`api/models/${path}`, hub), patience, signal);
  const at = { repository, revision };
  const source = await findOnHub(repository, revision, hub, patience, signal);
  if (!source) return described(at, null, licenceOf(card, null), 'It has no model.safetensors.');
  const { bytes } = source;
  const json = await findJson(source.config, patience, signal);
  const licence = licenceOf(card, json);
  if (json === null) return described(at, bytes, licence, 'It has no config.json, which says what network it is for.');
  if (isTransformersConfig(json)) {
    const sentence =
      'Its config.json is one of the transformers library, which does not say how images are prepared. Download ' +
      'model.safetensors yourself and drop it here: the layouts of ViT and DINOv2 are read.';
    return described(at, bytes, licence, sentence);
  }
  const file = bytes === null ? null : remoteFile(source.file, bytes, patience, signal);
  try {
    const config = parseModelConfig(json);
    if (file) await checkTensors(config, file);
    return { ...described(at, bytes, licence, null), runs: runs(at, bytes, licence, config) };
  } catch (error) {
    const unusable = error instanceof AppError && ['weights-refused', 'weights-mismatch'].includes(error.code);
    if (!unusable) throw error;
    const like = file && namesAnother(json) ? resemblance(await openSafetensors(file)) : '';
    return described(at, bytes, licence, error.message + like);
  }
}

/** The file's header is a few kB and tells whether the rest is worth its hundreds of megabytes. */
async function checkTensors({ architecture }: ModelConfig, file: Pieces): Promise<void> {
  const { architectures } = recognise(await openSafetensors(file));
  if (architectures.includes(architecture)) return;
  const sentence = `The tensors of its model.safetensors are those of ${architectures[0]}, not those of ${architecture}.`;
  throw new AppError('weights-mismatch', sentence);
}

function described(at: HubAddress, bytes: number | null, licence: string | null, problem: string | null): HubEntry {
  return { ...at, bytes, licence, limits: licenceLimits(licence), runs: null, problem };
}

function runs(
  { repository, revision }: HubAddress,
  bytes: number | null,
  licence: string | null,
  { architecture, sizes, note }: ModelConfig,
): NonNullable<HubEntry['runs']> {
  const { label, summary, features } = ARCHITECTURES[architecture];
  const [owner = '', name = ''] = repository.split('/');
  const id = owner === TIMM ? name : `${owner}--${name}`;
  const builtIn = BACKBONES.find((each) => each.id === id && each.repository === repository);
  const weights: Weights = {
    ...(builtIn ?? { id, architecture, label, summary, features, licence, repository }),
    bytes,
    revision,
    origin: 'hub',
  };
  return { weights, parameters: parametersOf(architecture), sizes, note };
}

/** The licence named by the repository's card, else by its config.json. */
function licenceOf(card: unknown, config: unknown): string | null {
  const onCard = v.safeParse(cardSchema, card);
  const named = onCard.success ? onCard.output.cardData?.license : null;
  const listed = [named ?? []].flat();
  if (listed.length > 0) return listed.join(', ').slice(0, 100);
  const inConfig = v.safeParse(licenceSchema, config);
  return inConfig.success ? inConfig.output.pretrained_cfg.license.slice(0, 100) : null;
}

/**
 * A file on a server, of which pieces are asked for as they are read: enough to look at its header.
 * @throws AppError, from its pieces: 'download-failed', 'aborted'.
 */
function remoteFile(url: URL, size: number, patience: Patience, signal: AbortSignal): Pieces {
  const piece = (begin: number, end: number) => async (): Promise<ArrayBuffer> => {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(patience.stallMs)]);
    const response = await ask(url, { Range: `bytes=${begin}-${end - 1}` }, inTime);
    // A server that knows no ranges sends the whole: no more of it is taken than is wanted.
    const from = response.status === 206 ? begin : 0;
    try {
      return (await upTo(response, end - from)).slice(begin - from);
    } catch (cause) {
      throw new Interrupted(`the connection to ${url.host} was cut`, { cause });
    }
  };
  const explain = (reason: string) =>
    `${fileOf(url)} could not be read, since ${reason}. Nothing was changed; try again.`;
  return {
    size,
    slice(begin, wanted) {
      const end = Math.min(wanted, size);
      if (end <= begin) return { arrayBuffer: async () => new ArrayBuffer(0) };
      return { arrayBuffer: () => retrying(patience, signal, piece(begin, end), explain) };
    },
  };
}

/** The first bytes of an answer, of which no more is taken. */
async function upTo(response: Response, bytes: number): Promise<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  const reader = response.body?.getReader();
  let filled = 0;
  try {
    while (reader && filled < bytes) {
      const { value } = await reader.read();
      if (!value) break;
      whole.set(value.subarray(0, bytes - filled), filled);
      filled += value.length;
    }
  } finally {
    reader?.cancel().catch(() => {});
  }
  if (filled < bytes) throw new Error(`${filled} of ${bytes} bytes came.`);
  return whole.buffer;
}
