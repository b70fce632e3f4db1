import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { startServer } from '../../scripts/server/static-server.ts';
import { tinyConfig, tinyWeights } from '../tiny-weights.ts';

const root = resolve(import.meta.dirname, '../..');

const PIECE = 32_768;

/** A folder of weights with one small set, which passes for DeiT-Tiny until it is to compute something. */
export async function writeTinyWeights(folder: string): Promise<void> {
  const set = join(folder, 'deit_tiny_patch16_224.fb_in1k');
  await mkdir(set, { recursive: true });
  await writeFile(join(set, 'config.json'), JSON.stringify(tinyConfig));
  await writeFile(join(set, 'model.safetensors'), tinyWeights());
}

/** The built app and the folder of weights, which come in small pieces with pauses: a download can be interrupted. */
export async function serveSlowWeights(modelsDir: string, pauseMs: number): Promise<string> {
  const app = await startServer({ distDir: join(root, 'dist'), modelsDir, port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return slowly(app.url, pauseMs);
}

/** Hands on what the server at `target` answers. */
async function slowly(target: string, pauseMs: number): Promise<string> {
  const server = createServer((request, response) => {
    const answer = async () => {
      const { range, 'if-range': ifRange } = request.headers;
      const headers = { ...(range ? { range } : {}), ...(typeof ifRange === 'string' ? { 'if-range': ifRange } : {}) };
      const from = await fetch(new URL(request.url ?? '/', target), { headers });
      response.writeHead(from.status, Object.fromEntries(from.headers));
      const body = new Uint8Array(await from.arrayBuffer());
      const slow = request.url?.endsWith('.safetensors') ?? false;
      for (let at = 0; at < body.length && !response.destroyed; at += slow ? PIECE : body.length) {
        response.write(body.subarray(at, slow ? at + PIECE : body.length));
        if (slow) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      response.end();
    };
    answer().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo; // of a TCP server that listens
  return `http://127.0.0.1:${port}/`;
}
