import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser to drive: LIKENESS_CHROMIUM, then the usual paths, then playwright's own download. */
export function findChromium(): string {
  const named = process.env['LIKENESS_CHROMIUM'];
  if (named) return named;
  return usualPaths.find((path) => existsSync(path)) ?? chromium.executablePath();
}
