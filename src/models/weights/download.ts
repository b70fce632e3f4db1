import { AppError } from '../../errors.ts';
import type { CachedWeights, Weights } from '../../types.ts';
import { type ModelConfig, parseModelConfig } from '../config.ts';
import { ARCHITECTURES, isArchitecture } from '../specs/architectures.ts';
import { askJson } from './ask.ts';
import { KeptPart } from './kept-part.ts';
import type { Received } from './received.ts';
import type { Patience } from './retry.ts';
import { type Bases, locate, type Source } from './sources.ts';
import { folderName } from './store.ts';
import { transfer } from './transfer.ts';
import { locked, type WeightsCache } from './weights-cache.ts';

export interface DownloadSettings {
  readonly bases: Bases;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly report: (progress: Received) => void;
}

/**
 * Brings a set of weights into the cache, continuing an unfinished download, and resolves when it is verified: size,
 * SHA-256 (where the server tells it), header, architecture, configuration. What is in the cache already is not asked
 * for again. A failed or cancelled download keeps what has come, a refused one nothing.
 * @throws AppError 'download-failed', 'weights-refused', 'weights-mismatch', 'storage-full', 'aborted', 'bad-argument'.
 */
export async function download(
  cache: WeightsCache,
  weights: Weights,
  settings: DownloadSettings,
): Promise<CachedWeights> {
  const { bases, patience, signal } = settings;
  return locked(weights.id, signal, async () => {
    const cached = await cache.find(weights.id);
    if (cached) return cached;
    const source = await locate(weights, bases, patience, signal);
    try {
      const config = parseModelConfig(await askJson(source.config, patience, signal));
      checkConfig(config, weights);
      const { bytes, sha256 } = await fetchFile(cache, weights.id, source, settings);
      const { architecture, preprocessing, sizes } = config;
      const { from } = source;
      const known = { id: weights.id, architecture, bytes, sha256, preprocessing, sizes };
      return await cache.admit({ ...known, ...hubOf(weights), from, cachedAt: Date.now() });
    } catch (error) {
      throw withWayOut(error, weights);
    }
  });
}

/** What a server has under the name of these weights is refused: the same would come again until somebody mends it there. */
function withWayOut(error: unknown, { id, origin }: Weights): unknown {
  const refused = error instanceof AppError && ['weights-refused', 'weights-mismatch'].includes(error.code);
  if (!refused) return error;
  const wayOut =
    origin === 'origin'
      ? `Put whole files into the folder models/${id} of this page’s server, then download again`
      : 'Download again later or over another network, or drop a model.safetensors that you have';
  return new AppError(error.code, `${error.message} ${wayOut}.`, { cause: error });
}

function hubOf({ origin, repository, revision, licence }: Weights): Pick<CachedWeights, 'hub'> {
  return origin === 'hub' && repository !== null ? { hub: { repository, revision: revision ?? 'main', licence } } : {};
}

function checkConfig({ architecture }: ModelConfig, weights: Weights): void {
  if (architecture === weights.architecture) return;
  // A server's listing names timm's architecture, whose weights of some tags are another's (specs).
  const listed = weights.architecture;
  if (isArchitecture(listed) && Object.values(ARCHITECTURES[listed].tagged ?? {}).includes(architecture)) return;
  throw new AppError(
    'weights-mismatch',
    `The config.json of ${weights.id} is for ${architecture}, not for ${weights.architecture}. Nothing was cached.`,
  );
}

async function fetchFile(
  cache: WeightsCache,
  id: string,
  source: Source,
  { patience, signal, report }: DownloadSettings,
): Promise<{ bytes: number; sha256: string }> {
  const folder = folderName(id);
  const part = await KeptPart.open(cache.store, folder, { url: source.file.href, sha256: source.sha256 }, signal);
  let keep = false;
  try {
    // What an earlier visit has kept may be damaged, or of an older file: that is no reason to refuse the server's.
    for (let continued = part.size > 0; ; continued = false) {
      await transfer(source, part, patience, signal, report);
      const bytes = part.size;
      const sha256 = part.sha256();
      keep = source.sha256 === null || sha256 === source.sha256;
      if (keep) return { bytes, sha256 };
      part.clear();
      if (!continued) throw wrongHash(source);
    }
  } catch (error) {
    keep = part.size > 0;
    throw error;
  } finally {
    part.close();
    if (!keep) await cache.store.removeFolder(folder);
  }
}

function wrongHash({ file }: Source): AppError {
  return new AppError(
    'weights-refused',
    `The file that came from ${file.host} is not the one that it lists (the SHA-256 differs). It was not kept.`,
  );
}
