/**
 * A hub and an origin on this machine, with faults to order. Started once for the browser tests, which cannot start
 * servers themselves. Every test takes a scenario's name of its own: its faults are set, and the requests that came are
 * read, at `<hubUrl>control/<scenario>`; `<hubUrl><scenario>/` is then the hub's (or the app's) base URL.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { parseRange } from '../scripts/server/byte-range.ts';
import { safetensors, TINY, TINY_ID, tinyConfig, tinyWeights } from './tiny-weights.ts';

export interface Faults {
  /** Status of the tree listing, where it is not 200. */
  readonly treeStatus?: number;
  /** The listing's SHA-256: another one, or none. */
  readonly oid?: 'wrong' | 'none';
  /** The listing's size is this many bytes too large. */
  readonly sizeOff?: number;
  /** models/index.json of the app's own origin. */
  readonly listing?: 'missing' | 'html';
  readonly config?: 'html' | 'missing' | 'foreign' | 'endless' | 'unknown' | 'transformers';
  /** The repository lists no model.safetensors. */
  readonly withoutWeights?: boolean;
  /** The licence on the repository's card. */
  readonly licence?: string;
  /** Status of the card, where it is not 200. */
  readonly cardStatus?: number;
  /** Status of model.safetensors, where it is not 200. One an answer, the last for all further ones. */
  readonly status?: readonly number[];
  readonly body?:
    | 'html'
    | 'html-as-binary'
    | 'pointer'
    | 'foreign'
    | 'another-version'
    | 'damaged'
    | 'longer'
    | 'cut-off';
  readonly noRange?: boolean;
  /** The connection is cut at this byte of the file: one number an answer, answers beyond the list are whole. */
  readonly cutAt?: readonly number[];
  /** The answer stops at this byte without an end: one number an answer. */
  readonly stallAt?: readonly number[];
  /** No length is announced. */
  readonly chunked?: boolean;
  /** Milliseconds between pieces of 64 KiB. */
  readonly pieceMs?: number;
}

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly ifRange: string | null;
}

interface Scenario {
  faults: Faults;
  answers: number;
  requests: Recorded[];
}

const weights = tinyWeights();
const anotherVersion = weights.map((byte, i) => (i === weights.length - 1 ? (byte + 1) % 0x7c : byte));
const damaged = weights.map((byte, i) => (i === 100_000 ? (byte + 1) % 0x7c : byte));
/** As an interrupted copy leaves it on a server, which lists what it has. */
const cutOff = weights.subarray(0, 300_000);
const longer = new Uint8Array([...weights, 0, 0, 0, 0]);
const foreign = safetensors({ 'conv1.weight': [8, 3, 7, 7], 'fc.weight': [100, 2048] });
const html = Buffer.from(`<!doctype html><html><title>Sign in</title>${' '.repeat(2000)}</html>`);
const pointer = Buffer.from(
  `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize ${weights.length}\n`,
);
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const sha256 = hashOf(weights);

const scenarios = new Map<string, Scenario>();

function scenario(name: string): Scenario {
  const known = scenarios.get(name) ?? { faults: {}, answers: 0, requests: [] };
  scenarios.set(name, known);
  return known;
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

async function control(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
  if (request.method === 'POST') {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const known = scenario(name);
    // Written by the tests alone.
    known.faults = JSON.parse(body);
    known.answers = 0;
    known.requests = [];
  }
  json(response, scenario(name).requests);
}

function card(response: ServerResponse, { faults }: Scenario): void {
  if (faults.cardStatus) return void response.writeHead(faults.cardStatus).end('{"error":"no"}');
  json(response, { id: 'stub', tags: ['timm'], cardData: faults.licence ? { license: faults.licence } : {} });
}

function tree(response: ServerResponse, { faults }: Scenario): void {
  if (faults.treeStatus) return void response.writeHead(faults.treeStatus).end('{"error":"no"}');
  if (faults.withoutWeights) return void json(response, [{ type: 'file', size: 3, path: 'pytorch_model.bin' }]);
  // Weights of another network are honestly listed.
  const listed = faults.body === 'foreign' ? foreign : weights;
  const size = listed.length + (faults.sizeOff ?? 0);
  const lfs = { oid: faults.oid === 'wrong' ? hashOf(html) : hashOf(listed), size };
  json(response, [
    { type: 'file', oid: 'a'.repeat(40), size: 400, path: 'config.json' },
    { type: 'directory', oid: 'b'.repeat(40), size: 0, path: 'onnx' },
    {
      type: 'file',
      oid: 'c'.repeat(40),
      size,
      path: 'model.safetensors',
      ...(faults.oid === 'none' ? {} : { lfs }),
    },
  ]);
}

function listing(response: ServerResponse, { faults }: Scenario): void {
  if (faults.listing === 'missing') return void response.writeHead(404).end('no');
  if (faults.listing === 'html') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(html);
  json(response, {
    models: [
      {
        id: TINY_ID,
        architecture: TINY,
        bytes: bodyOf(faults.body === 'cut-off' ? faults : {}).length + (faults.sizeOff ?? 0),
        sha256: null,
      },
      { id: 'deit_tiny_patch16_224.fb_in1k', architecture: 'deit_tiny_patch16_224', bytes: 22, sha256: null },
      { id: 'resnet50.mine', architecture: 'resnet50', bytes: 1, sha256 },
      { id: 'swin_tiny.ms_in1k', architecture: 'swin_tiny', bytes: 1, sha256: null },
      { id: '../../escape', architecture: 'resnet50', bytes: 1, sha256: null },
      { id: 'no-size', architecture: 'resnet50' },
    ],
  });
}

function config(response: ServerResponse, { faults }: Scenario): void {
  if (faults.config === 'endless') {
    const piece = Buffer.alloc(65_536, ' ');
    const more = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.writeHead(200, { 'Content-Type': 'application/json' }).on('drain', more);
    more();
    return;
  }
  if (faults.config === 'missing') response.writeHead(404).end('Entry not found');
  else if (faults.config === 'html') response.writeHead(200, { 'Content-Type': 'text/html' }).end(html);
  else if (faults.config === 'transformers') json(response, { model_type: 'vit', hidden_size: 192 });
  else if (faults.config === 'unknown') json(response, { ...tinyConfig, architecture: 'swin_tiny_patch4_window7_224' });
  else json(response, faults.config === 'foreign' ? { ...tinyConfig, architecture: 'resnet50' } : tinyConfig);
}

function bodyOf(faults: Faults): Uint8Array {
  if (faults.body === 'html' || faults.body === 'html-as-binary') return html;
  if (faults.body === 'pointer') return pointer;
  if (faults.body === 'foreign') return foreign;
  if (faults.body === 'another-version') return anotherVersion;
  if (faults.body === 'damaged') return damaged;
  if (faults.body === 'cut-off') return cutOff;
  return faults.body === 'longer' ? longer : weights;
}

async function file(request: IncomingMessage, response: ServerResponse, known: Scenario): Promise<void> {
  const { faults } = known;
  const answer = known.answers++;
  const status = faults.status?.[Math.min(answer, faults.status.length - 1)] ?? 200;
  if (status !== 200) return void response.writeHead(status).end('no');
  const body = bodyOf(faults);
  const etag = `"${hashOf(body).slice(0, 16)}"`;
  const ifRange = request.headers['if-range'];
  const asked = faults.noRange || (ifRange !== undefined && ifRange !== etag) ? undefined : request.headers.range;
  const range = parseRange(asked, body.length);
  if (range === 'unsatisfiable') {
    return void response.writeHead(416, { 'Content-Range': `bytes */${body.length}` }).end();
  }
  const { start, end } = range ?? { start: 0, end: body.length - 1 };
  response.writeHead(range ? 206 : 200, {
    ETag: etag,
    'Content-Type': faults.body === 'html' ? 'text/html; charset=utf-8' : 'application/octet-stream',
    ...(faults.chunked ? {} : { 'Content-Length': end - start + 1 }),
    ...(range ? { 'Content-Range': `bytes ${start}-${end}/${body.length}` } : {}),
  });
  const cut = faults.cutAt?.[answer];
  const stall = faults.stallAt?.[answer];
  const stop = Math.min(end + 1, cut ?? body.length, stall ?? body.length);
  for (let at = start; at < stop; at += 65_536) {
    await new Promise((resolve) => response.write(body.subarray(at, Math.min(stop, at + 65_536)), resolve));
    await new Promise((resolve) => setTimeout(resolve, faults.pieceMs ?? 0));
  }
  if (cut !== undefined && cut <= end) {
    // A connection that is cut takes along what its receiver has not read yet, and a busy machine reads late.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    response.destroy();
  } else if (stall === undefined) response.end();
}

function answer(storeUrl: string) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const [, name = '', ...rest] = path.split('/');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'ETag, Content-Range');
    if (name === 'control') return control(request, response, rest.join('/'));
    const known = scenario(name);
    known.requests.push({
      method: request.method ?? '',
      path: rest.join('/'),
      range: request.headers.range ?? null,
      ifRange: request.headers['if-range']?.toString() ?? null,
    });
    const last = rest.at(-1);
    if (request.method === 'OPTIONS') {
      // The hub's stores need not answer a preflight, so that none may be provoked; an app's own origin sees none.
      if (rest[0] !== 'models') return void response.writeHead(405).end();
      response.setHeader('Access-Control-Allow-Headers', 'If-Range, Range');
      return void response.writeHead(204).end();
    }
    if (rest[0] === 'api') return rest.includes('tree') ? tree(response, known) : card(response, known);
    if (last === 'index.json') return listing(response, known);
    if (last === 'config.json') return config(response, known);
    if (rest.includes('resolve')) {
      return void response.writeHead(302, { Location: `${storeUrl}${name}/store/model.safetensors?signed=1` }).end();
    }
    return file(request, response, known);
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address() as AddressInfo; // of a TCP server that listens
      resolve(`http://127.0.0.1:${address.port}/`);
    });
  });
}

/** Two servers, since the hub redirects to another origin. */
export default async function setup(project: TestProject): Promise<() => void> {
  const serve = (storeUrl: string) =>
    createServer((request, response) => {
      answer(storeUrl)(request, response).catch(() => response.destroy());
    });
  const store = serve('');
  const hub = serve(await listen(store));
  project.provide('hubUrl', await listen(hub));
  return () => {
    for (const server of [hub, store]) {
      server.close();
      server.closeAllConnections();
    }
  };
}
