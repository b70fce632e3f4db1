import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { startServer } from '../../scripts/server/static-server.ts';
import { configOf, wholeWeights } from '../tiny-weights.ts';

const root = resolve(import.meta.dirname, '../..');

/** Answers with weights come in this many pieces. */
const PIECES = 20;
const DEIT = 'deit_tiny_patch16_224';

/** A folder with synthetic weights of DeiT-Tiny. */
export async function writeTinyWeights(folder: string): Promise<void> {
  const set = join(folder, `${DEIT}.fb_in1k`);
  await mkdir(set, { recursive: true });
  await writeFile(join(set, 'config.json'), JSON.stringify(configOf(DEIT)));
  await writeFile(join(set, 'model.safetensors'), wholeWeights(DEIT));
}

export interface SlowWeights {
  readonly url: string;
  /** The next answer with weights stops at its half, and goes on no more. */
  stopNextHalfway(): void;
}

/** The built app and the folder of weights, which come in small pieces with pauses: a download can be interrupted. */
export async function serveSlowWeights(modelsDir: string, pauseMs: number): Promise<SlowWeights> {
  const app = await startServer({ distDir: join(root, 'dist'), modelsDir, port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return slowly(app.url, pauseMs);
}

/** Hands on what the server at `target` answers. */
async function slowly(target: string, pauseMs: number): Promise<SlowWeights> {
  let stopsNext = false;
  const server = createServer((request, response) => {
    const answer = async () => {
      const { range, 'if-range': ifRange } = request.headers;
      const headers = { ...(range ? { range } : {}), ...(typeof ifRange === 'string' ? { 'if-range': ifRange } : {}) };
      const from = await fetch(new URL(request.url ?? '/', target), { headers });
      response.writeHead(from.status, Object.fromEntries(from.headers));
      const body = new Uint8Array(await from.arrayBuffer());
      const slow = request.url?.endsWith('.safetensors') ?? false;
      const piece = slow ? Math.ceil(body.length / PIECES) : body.length;
      const stops = slow && stopsNext;
      if (stops) stopsNext = false;
      for (let at = 0; at < body.length && !response.destroyed; at += piece) {
        if (stops && at >= body.length / 2) return;
        response.write(body.subarray(at, at + piece));
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
  return {
    url: `http://127.0.0.1:${port}/`,
    stopNextHalfway() {
      stopsNext = true;
    },
  };
}
