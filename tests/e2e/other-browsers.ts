/** Firefox and WebKit as people have them, each by the protocol of its own maker: the app is not only Chromium's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import puppeteer from 'puppeteer-core';
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
      await page.waitForNetworkIdle({ timeout: 240_000 });
      await page.reload();
    },
    value: (expression) => page.evaluate(expression),
    errors,
    close: () => browser.close(),
  };
}

async function openWebKit(binary: string): Promise<OtherBrowser> {
  const display = `:${100 + (process.pid % 900)}`;
  const processes: ChildProcess[] = [];
  const start = (command: string, ...args: string[]): void => {
    processes.push(
      spawn(command, args, { stdio: 'ignore', env: { ...process.env, DISPLAY: display, LANG: 'en_US.UTF-8' } }),
    );
  };
  start(XVFB, display, '-screen', '0', '1440x900x24', '-nolisten', 'tcp');
  const port = await freePort();
  start(WEBKIT_DRIVER, `--port=${port}`);
  const stop = (): void => {
    for (const process of processes) process.kill();
  };
  let driver: WebDriver;
  try {
    driver = await connected(port, binary);
  } catch (error) {
    stop();
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
      stop();
    },
  };
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
      await new Promise((resolve) => setTimeout(resolve, 250));
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
