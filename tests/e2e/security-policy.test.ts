import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page, Worker } from 'playwright';
import { expect, test } from 'vitest';
import { openApp, temporaryFolder } from './browser-session.ts';
import { writePictures } from './pictures.ts';

const assets = resolve(import.meta.dirname, '../../dist/assets');

/** Tries to run a text as a program, from a timer: what the debugger itself calls may do so whatever the policy. */
const tryEval = () =>
  new Promise<string>((done) => {
    setTimeout(() => {
      try {
        done(`ran: ${new Function('return 1')()}`);
      } catch (error) {
        done(error instanceof Error ? error.name : String(error));
      }
    });
  });

const scriptSources = (policy: string) => /(?:^|; )script-src ([^;]*)/.exec(policy)?.[1];

test('page and workers of the built app come with a strict policy, and none but the plain search worker may run texts', async () => {
  const { url } = await openApp();
  const scripts = (await readdir(assets)).filter((name) => /\.worker[^/]*\.js$/.test(name));
  expect(scripts.length).toBeGreaterThanOrEqual(6);
  const page = await fetch(url);
  expect(await page.text()).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src (&#39;|')none/);
  for (const answer of [page, ...(await Promise.all(scripts.map((name) => fetch(`${url}assets/${name}`))))]) {
    const policy = answer.headers.get('content-security-policy') ?? '';
    const mayRunTexts = /\/plain-search\.worker/.test(answer.url);
    expect([answer.url, answer.status, scriptSources(policy)]).toEqual([
      answer.url,
      200,
      `'self' 'wasm-unsafe-eval'${mayRunTexts ? " 'unsafe-eval'" : ''}`,
    ]);
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain("base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    expect(answer.headers.get('permissions-policy')).toMatch(/camera=\(self\), .*microphone=\(\)/);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

async function started(page: Page, name: string): Promise<Worker> {
  await expect.poll(() => page.workers().some((worker) => worker.url().includes(name))).toBe(true);
  const worker = page.workers().find((each) => each.url().includes(name));
  if (!worker) throw new Error(`${name} has ended.`);
  return worker;
}

test('a text that is tried as a program, and a request elsewhere, are violations that the browser reports', async () => {
  const data = join(await temporaryFolder(), 'kinds');
  await writePictures(data, { kinds: 2, training: 2, query: 1, gallery: 2 });
  const { page, drop } = await openApp();
  await page.evaluate(() => {
    const seen: string[] = [];
    Reflect.set(globalThis, 'violations', seen);
    addEventListener('securitypolicyviolation', (event) =>
      seen.push(`${event.effectiveDirective} ${event.blockedURI}`),
    );
  });
  expect(await page.evaluate(tryEval)).toBe('EvalError');
  const asked = await page.evaluate(() =>
    fetch('https://evil.example/').then(
      () => 'answered',
      () => 'refused',
    ),
  );
  expect(asked).toBe('refused');
  const image = await page.evaluate(
    () =>
      new Promise((done) => {
        const img = new Image();
        img.onerror = () => done('refused');
        img.onload = () => done('loaded');
        img.src = 'https://evil.example/x.png';
      }),
  );
  expect(image).toBe('refused');
  const violations = () => page.evaluate((): unknown => Reflect.get(globalThis, 'violations'));
  await expect
    .poll(violations)
    .toEqual(
      expect.arrayContaining([
        'script-src eval',
        expect.stringMatching(/^connect-src https:\/\/evil\.example/),
        expect.stringMatching(/^img-src https:\/\/evil\.example/),
      ]),
    );
  await page.getByRole('heading', { name: /Drop a folder with training/ }).waitFor();
  await drop(data);
  for (const name of ['weights.worker', 'image.worker']) {
    expect([name, await (await started(page, name)).evaluate(tryEval)]).toEqual([name, 'EvalError']);
  }
});
