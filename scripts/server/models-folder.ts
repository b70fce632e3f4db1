import { readdir, readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import type { Plugin } from 'vite';
import { fileInside, pathSegments } from './file-paths.ts';
import { sendFile } from './send-file.ts';

/** The folder with sets of weights: LIKENESS_MODELS_DIR, else models/ in the project. It need not exist. */
export function defaultModelsDir(): string {
  return resolve(process.env['LIKENESS_MODELS_DIR'] ?? join(import.meta.dirname, '../../models'));
}

export interface ListedModel {
  readonly id: string;
  readonly architecture: string;
  /** Size of model.safetensors. */
  readonly bytes: number;
  /** Always null here: hashing hundreds of megabytes at every start would delay it. Another host may list it. */
  readonly sha256: string | null;
}

/** timm's have less than a kilobyte. */
const MOST_CONFIG_BYTES = 1e6;

const configSchema = v.object({ architecture: v.string() });

/** The sub-folders in timm's hub layout (config.json and model.safetensors), by name. */
export async function listModels(modelsDir: string): Promise<ListedModel[]> {
  const folders = await readdir(modelsDir).catch(() => []);
  const listed = await Promise.all(folders.sort().map((id) => listModel(modelsDir, id)));
  return listed.filter((model) => model !== null);
}

async function listModel(modelsDir: string, id: string): Promise<ListedModel | null> {
  if (pathSegments(`/${encodeURIComponent(id)}`) === null) return null;
  const config = await fileInside(modelsDir, [id, 'config.json']);
  const weights = await fileInside(modelsDir, [id, 'model.safetensors']);
  if (!config || !weights) return null;
  try {
    if ((await stat(config)).size > MOST_CONFIG_BYTES) return null;
    const { architecture } = v.parse(configSchema, JSON.parse(await readFile(config, 'utf8')));
    return { id, architecture, bytes: (await stat(weights)).size, sha256: null };
  } catch {
    return null;
  }
}

/**
 * Answers what lies below models/: the listing and the files. `segments` without the leading `models`. `offers` is told in the
 * listing, so that a page asks no host for what it does not have.
 */
export async function sendModels(
  request: IncomingMessage,
  response: ServerResponse,
  modelsDir: string,
  segments: readonly string[],
  offers: { readonly engine?: true } = {},
): Promise<true | null> {
  if (segments.length === 1 && segments[0] === 'index.json') {
    const body = JSON.stringify({ models: await listModels(modelsDir), ...offers }, null, 1);
    response.writeHead(200, {
      'Cache-Control': 'no-cache',
      'Content-Length': Buffer.byteLength(body),
      'Content-Type': 'application/json; charset=utf-8',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
    return true;
  }
  const file = await fileInside(modelsDir, segments);
  return file ? sendFile(request, response, file, 'no-cache') : null;
}

/** The same folder and listing in Vite's development server, where a missing file would be answered with the app's page. */
export function serveModelsFolder(modelsDir = defaultModelsDir()): Plugin {
  return {
    name: 'likeness:models-folder',
    configureServer(server) {
      server.middlewares.use('/models', (request, response, next) => {
        const segments = pathSegments(request.url ?? '/');
        const sent = segments ? sendModels(request, response, modelsDir, segments) : Promise.resolve(null);
        sent.then((done) => done ?? response.writeHead(404).end(), next);
      });
    },
  };
}
