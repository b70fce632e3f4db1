/** Firefox and WebKit as people have them, each by the protocol of its own maker: the app is not only Chromium's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import puppeteer, { type HTTPRequest } from 'puppeteer-core';
import { Builder, type WebDriver } from 'selenium-webdriver';

export interface OtherBrowser {
  /** As it names itself. */
  readonly version: string;
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** The value of an expression in the page, which may be a promise; what JSON holds. */
  value(expression: string): Promise<unknown>;
  /** Uncaught errors so far, as far as the protocol tells. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync);
const WEBKIT_DRIVER = '/usr/bin/WebKitWebDriver';
const MINI_BROWSER = ['4.1', '6.0', '4.0']
  .map((version) => `/usr/lib/x86_64-linux-gnu/webkit2gtk-${version}/MiniBrowser`)
  .concat('/usr/lib/x86_64-linux-gnu/webkitgtk-6.0/MiniBrowser')
  .find(existsSync);
const XVFB = '/usr/bin/Xvfb';

/** What can be opened on this machine, or why it cannot. */
export const OTHER_BROWSERS: readonly { name: string; open: (() => Promise<OtherBrowser>) | null; missing: string }[] =
  [
    { name: 'Firefox', open: FIREFOX ? () => openFirefox(FIREFOX) : null, missing: 'firefox-esr is not installed' },
    {
      name: 'WebKit',
      open: MINI_BROWSER && existsSync(WEBKIT_DRIVER) && existsSync(XVFB) ? () => openWebKit(MINI_BROWSER) : null,
      missing: 'webkit2gtk-driver or xvfb is not installed',
    },
  ];

async function openFirefox(executablePath: string): Promise<OtherBrowser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    protocolTimeout: 600_000,
  });
  const page = await browser.newPage();
  // Of a worker's script Firefox at times tells no end: it is not waited for.
  const loading = new Set<HTTPRequest>();
  page.on('request', (request) => !request.url().includes('.worker-') && loading.add(request));
  page.on('requestfinished', (request) => loading.delete(request));
  page.on('requestfailed', (request) => loading.delete(request));
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error instanceof Error ? error.message : String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warn') return;
    const place = errors.push(message.text()) - 1;
    // An error object is told by name alone, until it is asked what it says.
    void Promise.all(message.args().map((argument) => argument.evaluate((value) => String(value)))).then(
      (words) => {
        errors[place] = words.join(' ');
      },
      () => undefined,
    );
  });
  return {
    version: await browser.version(),
    open: async (url) => void (await page.goto(url)),
    // A part of the app that is still on its way fails to load in a page that is left, and React writes that down.
    reload: async () => {
      const end = Date.now() + 240_000;
      for (let quiet = 0; quiet < 5; quiet++) {
        await setTimeout(100);
        if (loading.size > 0) quiet = -1;
        if (Date.now() > end) throw new Error(`Still loading: ${[...loading].map((it) => it.url()).join(', ')}.`);
      }
      await page.reload();
    },
    value: (expression) => page.evaluate(expression),
    errors,
    close: () => browser.close(),
  };
}

async function openWebKit(binary: string): Promise<OtherBrowser> {
  const server = spawn(XVFB, ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const port = await freePort();
  const processes: ChildProcess[] = [server];
  // The next display and the next driver start only when these are gone.
  const stop = async (): Promise<void> => {
    const gone = processes.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ends = gone.map((process) => once(process, 'exit'));
    for (const process of gone) process.kill();
    await Promise.all(ends);
  };
  let driver: WebDriver;
  try {
    const env = { ...process.env, DISPLAY: `:${await displayOf(server)}`, LANG: 'en_US.UTF-8' };
    processes.push(spawn(WEBKIT_DRIVER, [`--port=${port}`], { stdio: 'ignore', env }));
    driver = await Promise.race([
      connected(port, binary),
      setTimeout(60_000, null, { ref: false }).then(() =>
        Promise.reject(new Error('WebKit did not start in a minute.')),
      ),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  await driver.manage().setTimeouts({ script: 600_000, pageLoad: 120_000 });
  const capabilities = await driver.getCapabilities();
  return {
    version: `${capabilities.getBrowserName()} ${capabilities.getBrowserVersion()}`,
    open: (url) => driver.get(url),
    reload: () => driver.navigate().refresh(),
    value: async (expression) => {
      const answer: unknown = await driver.executeAsyncScript(
        `const done = arguments[0];
         Promise.resolve().then(() => (${expression})).then((value) => done({ value }), (error) => done({ error: String(error) }));`,
      );
      if (typeof answer !== 'object' || answer === null) throw new Error(`The page answered ${String(answer)}.`);
      if ('error' in answer) throw new Error(String(answer.error));
      return 'value' in answer ? answer.value : undefined;
    },
    // Its driver tells no console message.
    errors: [],
    close: async () => {
      await driver.quit();
      await stop();
    },
  };
}

/** The number that the X server chose; it writes it once it takes clients. */
async function displayOf(server: ChildProcess): Promise<string> {
  const output = server.stdio[3];
  if (!(output instanceof Readable)) throw new Error('Xvfb has no output for its display.');
  const ended = once(server, 'exit').then(() => Promise.reject(new Error('Xvfb ended before it took clients.')));
  const number = once(output, 'data').then(([bytes]) => String(bytes).trim());
  return await Promise.race([number, ended]);
}

/** The driver needs a moment until it listens. */
async function connected(port: number, binary: string): Promise<WebDriver> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await new Builder()
        .usingServer(`http://127.0.0.1:${port}`)
        .withCapabilities({
          browserName: 'MiniBrowser',
          'webkitgtk:browserOptions': { binary, args: ['--automation'] },
        })
        .build();
    } catch (error) {
      if (attempt === 40) throw error;
      await setTimeout(250);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
