import { basename, join } from 'node:path';
import type { PartFileRequest } from '../../src/app/automation/automation-types.ts';
import { AppError } from '../../src/errors.ts';
import { isBackbone } from '../../src/heads/member.ts';
import { modelDigest } from '../../src/heads/model-digest.ts';
import { dot } from '../../src/math/similarity.ts';
import { partsOfId } from '../../src/models/specs/variants.ts';
import { builtApp } from '../built-app.ts';
import { browserFor } from '../evaluate/browser.ts';
import { automatedUrl, type LikenessPage, likenessPage } from '../evaluate/likeness-page.ts';
import { sendFile } from '../server/send-file.ts';
import { readOnly, startServer } from '../server/static-server.ts';
import type { GalleryArguments } from './arguments.ts';
import { type Collection, findCollection, headOf } from './collection.ts';
import { connected, type Engine } from './connection.ts';
import { embedRows, openHead } from './embeddings.ts';
import { type Found, searchCollection } from './search.ts';
import { sentVector } from './vectors.ts';

export type ImageQuery = Omit<Extract<GalleryArguments, { command: 'query' }>, 'command' | 'to'>;

export interface Neighbour extends Pick<Found, 'path' | 'className' | 'split'> {
  readonly similarity: number;
}

/** The nearest images of a picture, which a browser embeds as the app does. Throws AppError. */
export function queryImage(engine: Engine, query: ImageQuery, say: (line: string) => void): Promise<Neighbour[]> {
  return connected(engine, async (client) => {
    const collection = await findCollection(client, query.collection);
    const file = await headOf(client, collection);
    const features = await embedImage(collection, query, say);
    const vector = await embedRows(file && (await openHead(file)), features, features.length);
    const { k: limit, ef, exact } = query;
    const found = await searchCollection(client, collection, { vector, limit, ef, exact });
    return found
      .map(({ path, className, split, vector: sent }) => ({
        path,
        className,
        split,
        similarity: dot(vector, sentVector(sent, collection.vectors, vector.length)),
      }))
      .sort((a, b) => b.similarity - a.similarity);
  });
}

/** Raw features of one file. Throws as embedOne. */
async function embedImage(
  collection: Collection,
  { image, modelsDir, backend }: ImageQuery,
  say: (line: string) => void,
): Promise<Float32Array<ArrayBuffer>> {
  const distDir = await builtApp(join(import.meta.dirname, '../..'), say);
  const file = readOnly((request, response) => sendFile(request, response, image, 'no-store'));
  const server = await startServer({ distDir, modelsDir, port: 0, host: '127.0.0.1', routes: { query: file } });
  try {
    const browser = await browserFor(backend, automatedUrl(server.url), say);
    try {
      const page = await likenessPage(browser.page);
      await page.setEngine(backend);
      return await embedOne(page, collection, { path: basename(image), address: 'query/0' });
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

/**
 * Raw features of one file that the page fetches, by the variant of the weights (input size, mirror images) that the collection was
 * made with. Throws AppError 'weights-mismatch' with both digests where the weights here are others, 'bad-argument' where there is no
 * such network or variant.
 */
export async function embedOne(
  page: Pick<LikenessPage, 'partModel' | 'embedFiles' | 'partRows'>,
  { manifest, digest }: Pick<Collection, 'manifest' | 'digest'>,
  file: PartFileRequest,
): Promise<Float32Array<ArrayBuffer>> {
  const { architecture } = manifest;
  if (!isBackbone(architecture)) throw new AppError('bad-argument', `There is no architecture "${architecture}" here.`);
  const { size, flip } = partsOfId(manifest.weights);
  const model = await page.partModel(architecture, { size, flip });
  const own = await modelDigest(model.features, manifest.head);
  if (own !== digest) {
    const sentence = `The collection is of another model, ${manifest.weights}: its digest is ${digest}, that of ${model.weights} here ${own}.`;
    throw new AppError('weights-mismatch', sentence);
  }
  const { rows, failures, dimensions } = await page.embedFiles(architecture, { size, flip }, [file]);
  const [failure] = failures;
  if (failure) throw new AppError('image-undecodable', `${failure.path}: ${failure.reason}`);
  const bytes = Uint8Array.from(Buffer.from(await page.partRows(0, rows.length), 'base64'));
  if (bytes.length !== 4 * dimensions) throw new AppError('internal', 'The features did not come whole.');
  return new Float32Array(bytes.buffer);
}
