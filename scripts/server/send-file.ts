import { constants, open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseRange } from './byte-range.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Should the file have become a FIFO since its path was checked, opening it does not wait for a writer. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Answers with a file: validators, one byte range, HEAD. Null where there is no such file, and nothing was answered
 * then. An answer that the browser breaks off ends silently.
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: string,
  cacheControl: string,
): Promise<true | null> {
  const handle = await open(file, READ).catch(() => null);
  if (!handle) return null;
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return null;
    const etag = `"${stat.size.toString(36)}-${Math.round(stat.mtimeMs * 1000).toString(36)}"`;
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('Cache-Control', cacheControl);
    response.setHeader('ETag', etag);
    response.setHeader('Content-Type', mediaTypes[extname(file).toLowerCase()] ?? 'application/octet-stream');
    if (matches(request.headers['if-none-match'], etag)) {
      response.writeHead(304).end();
      return true;
    }
    const ifRange = request.headers['if-range'];
    const mayRange = request.method === 'GET' && (ifRange === undefined || ifRange === etag);
    const range = mayRange ? parseRange(request.headers.range, stat.size) : null;
    if (range === 'unsatisfiable') {
      response.writeHead(416, { 'Content-Range': `bytes */${stat.size}` }).end();
      return true;
    }
    const { start, end } = range ?? { start: 0, end: stat.size - 1 };
    if (range) response.setHeader('Content-Range', `bytes ${start}-${end}/${stat.size}`);
    response.writeHead(range ? 206 : 200, { 'Content-Length': end - start + 1 });
    if (request.method === 'HEAD' || end < start) response.end();
    else await pipeline(handle.createReadStream({ start, end, autoClose: false }), response).catch(() => {});
    return true;
  } finally {
    await handle.close();
  }
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
