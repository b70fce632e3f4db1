import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { mayAsk } from '../../../../scripts/server/host-check.ts';
import { type RunningServer, startServer } from '../../../../scripts/server/static-server.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let root: string;
let server: RunningServer;

/** Sends the path as it is: fetch would resolve `..` before the server sees it. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', of = server.url): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(of);
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('latin1'),
        });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'likeness-server-'));
  const files: Record<string, string> = {
    'secret.txt': 'secret',
    'dist/index.html': '<!doctype html><title>Likeness</title>',
    'dist/.env': 'secret',
    'dist/empty.txt': '',
    'dist/assets/index-1234.js': 'export {};',
    'dist/assets/search.worker-1234.js': 'export {};',
    'dist/assets/weights.worker-1234.js': 'export {};',
    'dist/assets/tfjs.wasm': 'wasm',
    'elsewhere/model.safetensors': 'secret',
    'real-models/resnet50.tf_in1k/config.json': '{"architecture":"resnet50"}',
    'real-models/resnet50.tf_in1k/model.safetensors': '0123456789',
    'real-models/no-weights/config.json': '{"architecture":"resnet50"}',
    'real-models/no-config/model.safetensors': '0123456789',
    'real-models/broken-config/config.json': '{"architecture":',
    'real-models/broken-config/model.safetensors': '0123456789',
    'real-models/linked-out/config.json': '{"architecture":"resnet50"}',
    'real-models/.hidden/config.json': '{"architecture":"resnet50"}',
    'real-models/.hidden/model.safetensors': '0123456789',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await symlink(join(root, 'elsewhere/model.safetensors'), join(root, 'real-models/linked-out/model.safetensors'));
  await symlink(join(root, 'secret.txt'), join(root, 'dist/link.txt'));
  await symlink(join(root, 'real-models'), join(root, 'models'));
  server = await startServer({
    distDir: join(root, 'dist'),
    modelsDir: join(root, 'models'),
    port: 0,
    host: '127.0.0.1',
  });
});

afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true });
});

describe('what is served', () => {
  test('the page at the root and at its name', async () => {
    const answer = await ask('/');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect((await ask('/index.html?x=1')).body).toBe(answer.body);
  });

  test.each([
    ['/assets/index-1234.js', 'text/javascript; charset=utf-8'],
    ['/assets/tfjs.wasm', 'application/wasm'],
    ['/models/resnet50.tf_in1k/config.json', 'application/json; charset=utf-8'],
    ['/models/resnet50.tf_in1k/model.safetensors', 'application/octet-stream'],
    ['/empty.txt', 'text/plain; charset=utf-8'],
  ])('%s as %s', async (path, type) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
  });

  test('the listing names complete folders alone, through a linked models folder', async () => {
    const answer = await ask('/models/index.json');
    expect(JSON.parse(answer.body)).toEqual({
      models: [{ id: 'resnet50.tf_in1k', architecture: 'resnet50', bytes: 10, sha256: null }],
    });
  });

  test('a missing models folder lists nothing', async () => {
    const other = await startServer({ distDir: root, modelsDir: join(root, 'none'), port: 0, host: '127.0.0.1' });
    expect(await (await fetch(`${other.url}models/index.json`)).json()).toEqual({ models: [] });
    await other.close();
  });
});

describe('what is not served', () => {
  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/models/../../secret.txt',
    '/models/%2e%2e/secret.txt',
    '/models/resnet50.tf_in1k/..%2f..%2f..%2fsecret.txt',
    '/%252e%252e/secret.txt',
    '/%252e%252e%252fsecret.txt',
    '/%25252e%25252e/secret.txt',
    '/..%252fsecret.txt',
    '/..%255csecret.txt',
    '/%2e%2e%5csecret.txt',
    '/assets\\..\\..\\secret.txt',
    '/assets/..;/..;/secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/%u002e%u002e/secret.txt',
    '/models/resnet50.tf_in1k/%252e%252e/%252e%252e/secret.txt',
    'http://127.0.0.1/../secret.txt',
    '/index.html%00.js',
    '/%E0%A4%A',
    '/.env',
    '/models/.hidden/config.json',
    '/link.txt',
    '/models/linked-out/model.safetensors',
    '/index.html::$DATA',
    'secret.txt',
    '/assets',
    '/assets/',
    '/models',
    '/models/',
    '/models/resnet50.tf_in1k',
    '/models/missing/model.safetensors',
    '/search',
    '//etc/passwd',
  ])('%s', async (path) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers['content-type'] ?? '']).toSatisfy(
      // Node itself answers 400 to a target that is no path at all.
      ([status, type]) => (status === 404 && type === 'text/plain; charset=utf-8') || status === 400,
    );
    expect(answer.body).not.toContain('secret');
    expect(answer.body).not.toContain('<!doctype');
  });

  test('other methods than GET and HEAD', async () => {
    const answer = await ask('/', {}, 'POST');
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});

describe('who is answered', () => {
  test.each(['127.0.0.1', 'localhost:4173', 'LOCALHOST', '[::1]:80', 'app.localhost', '127.1.2.3:9'])(
    'this machine as %s',
    async (host) => {
      expect((await ask('/', { Host: host })).status).toBe(200);
    },
  );

  test.each(['evil.example', 'evil.example:4173', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1'])(
    'nobody who calls it %j (DNS rebinding)',
    async (host) => {
      const answer = await ask('/models/index.json', { Host: host });
      expect([answer.status, answer.body]).toEqual([403, expect.not.stringContaining('resnet50')]);
    },
  );

  test('everybody, by any name, where the user opened the server to a network', () => {
    expect(mayAsk('likeness.lan:4173', '0.0.0.0')).toBe(true);
    expect(mayAsk('likeness.lan:4173', '192.168.1.7')).toBe(true);
  });

  test.each(['127.0.0.1', '127.0.0.2', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])(
    'this machine alone where the server is bound to %s',
    (bound) => {
      expect(mayAsk('evil.example:4173', bound)).toBe(false);
      expect(mayAsk(undefined, bound)).toBe(false);
      expect(mayAsk('localhost:4173', bound)).toBe(true);
      expect(mayAsk('127.8.9.10', bound)).toBe(true);
      expect(mayAsk('[0:0:0:0:0:0:0:1]:4173', bound)).toBe(true);
    },
  );

  test('this machine alone where the name that was given leads to the loopback', async () => {
    const named = await startServer({ distDir: root, modelsDir: root, port: 0, host: 'localhost' });
    onTestFinished(() => named.close());
    expect((await ask('/', { Host: 'evil.example' }, 'GET', named.url)).status).toBe(403);
  });
});

describe('connections that end', () => {
  const large = 50e6;
  const request10 = (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`.repeat(10);

  /** Sends `text` over a connection of its own and ends it once `enough` bytes came back. */
  async function sendAndLeave(text: string, enough: number): Promise<void> {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let received = 0;
    const came = new Promise<void>((resolve) => {
      socket.on('data', (bytes) => {
        received += bytes.length;
        if (received >= enough) resolve();
      });
      if (enough === 0) socket.on('connect', () => resolve());
    });
    socket.write(text);
    await came;
    socket.destroy();
    await once(socket, 'close');
  }

  /** Files below the server's folder that this process holds open. */
  async function openFiles(): Promise<string[]> {
    const links = await readdir('/proc/self/fd');
    const files = await Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => '')));
    return files.filter((file) => file.startsWith(root));
  }

  beforeAll(async () => {
    const file = join(root, 'real-models/resnet50.tf_in1k/large.bin');
    await writeFile(file, '');
    await truncate(file, large);
  });

  test.skipIf(process.platform !== 'linux')(
    'leave no file open, however many answers were waited for (open files are counted in /proc)',
    async () => {
      const wanted = request10('/models/resnet50.tf_in1k/large.bin');
      const connections = Array.from({ length: 8 }, (_, i) => sendAndLeave(wanted, [0, 1, 300_000][i % 3] ?? 0));
      await Promise.all(connections);
      await expect.poll(openFiles).toEqual([]);
    },
  );

  test('pipelined requests are answered in their order', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    const paths = ['/models/resnet50.tf_in1k/config.json', '/missing', '/empty.txt', '/'];
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''));
    await expect.poll(() => text).toContain('<title>Likeness');
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(text.indexOf('"architecture"')).toBeLessThan(text.indexOf('no such file'));
  });

  test('a flood of requests without reading an answer ends the connection', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname).on('error', () => {});
    socket.write(request10('/models/resnet50.tf_in1k/large.bin').repeat(50));
    await once(socket, 'close');
    expect((await ask('/')).status).toBe(200);
  });
});

describe('what is no regular file', () => {
  test.skipIf(process.platform === 'win32')('a FIFO is not opened: nobody may ever write to it', async () => {
    const folder = join(root, 'real-models/resnet50.fifo');
    await mkdir(folder, { recursive: true });
    await promisify(execFile)('mkfifo', [join(folder, 'config.json'), join(folder, 'model.safetensors')]);
    onTestFinished(() => rm(folder, { recursive: true }));
    // More than Node.js has threads for files: where one waited for each, nothing else would be read.
    const paths = Array.from({ length: 8 }, () => '/models/resnet50.fifo/model.safetensors');
    const answers = await Promise.all([...paths, '/models/index.json'].map((path) => ask(path)));
    expect(answers.map(({ status }) => status)).toEqual([...paths.map(() => 404), 200]);
    expect(answers.at(-1)?.body).not.toContain('fifo');
  });

  test.skipIf(process.platform !== 'linux')('a link to a device, in a models folder that is the root', async () => {
    const other = await startServer({ distDir: '/dev', modelsDir: '/dev', port: 0, host: '127.0.0.1' });
    onTestFinished(() => other.close());
    expect((await ask('/zero', {}, 'GET', other.url)).status).toBe(404);
    expect((await ask('/models/zero', {}, 'GET', other.url)).status).toBe(404);
  });
});

describe('ranges and validators', () => {
  const path = '/models/resnet50.tf_in1k/model.safetensors';

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('%s', async (range, body, contentRange) => {
    const answer = await ask(path, { Range: range });
    expect(answer.status).toBe(206);
    expect(answer.body).toBe(body);
    expect(answer.headers['content-range']).toBe(contentRange);
    expect(answer.headers['content-length']).toBe(String(body.length));
  });

  test.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('%s cannot be satisfied', async (range) => {
    const answer = await ask(path, { Range: range });
    expect([answer.status, answer.headers['content-range'], answer.body]).toEqual([416, 'bytes */10', '']);
  });

  test.each(['bytes=3-2', 'bytes=a-b', 'bytes=-', 'lines=0-1', 'bytes=0-1,3-4'])('%s is ignored', async (range) => {
    const answer = await ask(path, { Range: range });
    expect([answer.status, answer.body]).toEqual([200, '0123456789']);
  });

  test('a range of a file that has changed since is answered whole', async () => {
    const { headers } = await ask(path);
    const etag = String(headers.etag);
    expect((await ask(path, { Range: 'bytes=4-', 'If-Range': etag })).status).toBe(206);
    expect((await ask(path, { Range: 'bytes=4-', 'If-Range': '"other"' })).body).toBe('0123456789');
  });

  test('304 for what the browser has, 200 for what it no longer has', async () => {
    const file = join(root, 'dist/changing.txt');
    await writeFile(file, 'abcdef');
    const etag = String((await ask('/changing.txt')).headers.etag);
    const again = await ask('/changing.txt', { 'If-None-Match': `"x", W/${etag}` });
    expect([again.status, again.body]).toEqual([304, '']);
    await truncate(file, 3);
    expect((await ask('/changing.txt', { 'If-None-Match': etag })).body).toBe('abc');
  });

  test('HEAD has the length and no body', async () => {
    const answer = await ask(path, { Range: 'bytes=0-3' }, 'HEAD');
    expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([200, '10', '']);
    const listing = await ask('/models/index.json', {}, 'HEAD');
    expect([listing.status, listing.body]).toEqual([200, '']);
  });

  test('hashed names are cached for good, all others are asked for again', async () => {
    expect((await ask('/assets/index-1234.js')).headers['cache-control']).toContain('immutable');
    expect((await ask('/')).headers['cache-control']).toBe('no-cache');
    expect((await ask(path)).headers['cache-control']).toBe('no-cache');
  });
});

describe('headers', () => {
  test.each(['/', '/missing', '/models/index.json', '/assets/weights.worker-1234.js', '/assets/search.worker-1234.js'])(
    '%s',
    async (path) => {
      const { headers } = await ask(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("'unsafe-eval'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
      expect(headers['permissions-policy']).toMatch(/camera=\(self\).*geolocation=\(\).*microphone=\(\)/);
    },
  );

  test('the search worker of browsers without SIMD alone may make functions from text', async () => {
    const { headers } = await ask('/assets/plain-search.worker-1234.js');
    expect(headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval';");
    const disguised = await ask('/models/plain-search.worker-1.js');
    expect(disguised.headers['content-security-policy']).not.toContain("'unsafe-eval'");
  });
});

test('a busy port is passed over', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const address = occupant.address();
  if (address === null || typeof address === 'string') throw new Error('The occupant has no port.');
  const other = await startServer({ distDir: root, modelsDir: root, port: address.port, host: '127.0.0.1' });
  expect(Number(new URL(other.url).port)).toBeGreaterThan(address.port);
  await other.close();
  await new Promise((resolve) => occupant.close(resolve));
});

test('closing ends connections that are kept alive', async () => {
  const other = await startServer({ distDir: join(root, 'dist'), modelsDir: root, port: 0, host: '127.0.0.1' });
  await (await fetch(other.url)).text();
  await other.close();
  await expect(fetch(other.url)).rejects.toThrow();
});

test('a port that was named is taken or refused, by its number', async () => {
  const options = { distDir: join(root, 'dist'), modelsDir: join(root, 'models'), host: '127.0.0.1' };
  await expect(startServer({ ...options, port: server.port, exactPort: true })).rejects.toThrow(
    `Port ${server.port} is taken by another program`,
  );
});
