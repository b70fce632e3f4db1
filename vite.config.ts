import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { stampBuild } from './scripts/built-app.ts';
import { findChromium } from './scripts/chromium.ts';
import { demoDrawings } from './scripts/demo/drawings-plugin.ts';
import { entriesApart } from './scripts/entries-apart.ts';
import { thirdPartyNotices } from './scripts/notices/notices-plugin.ts';
import { serviceWorker } from './scripts/offline/service-worker-plugin.ts';
import { serveModelsFolder } from './scripts/server/models-folder.ts';
import { contentSecurityPolicyTag } from './scripts/server/policy-tag.ts';
import { isolation } from './scripts/server/security-headers.ts';
import { propertySeed } from './tests/seed.ts';
import { sharedFolder } from './tests/shared-folder.ts';

const notices = thirdPartyNotices(import.meta.dirname);
const sharedDir = sharedFolder();
const provided = { sharedDir, propertySeed: propertySeed() };

/** Tests whose result is a time, by their names. */
const SPEED_TESTS = '**/*-speed.test.{ts,tsx}';

/** Tests that `npm run test:long` runs, by their names: all networks, whole command lines, journeys of minutes. */
const LONG_TESTS = '**/*-long.test.{ts,tsx}';

/** A journey waits for half of its time: two at once, beside the tests in the browser, keep two cores busy. */
const NODE_WORKERS = 2;

/** What tests in the browser share. An object of its own for each project: Vitest writes into it. */
const browserTests = () => ({
  provide: provided,
  globalSetup: ['tests/hub-server.ts'],
  expect: { poll: { timeout: 60_000 } },
  // As long as the machine is busy: what takes a minute alone takes five beside others on a slow one.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  fileParallelism: false,
  browser: inChromium(),
});

/** What journeys through the built app share. */
const journeys = {
  environment: 'node' as const,
  provide: provided,
  globalSetup: ['tests/e2e/build.ts'],
  // What a poll waits for takes as long as the machine is busy; it ends as soon as it is there.
  expect: { poll: { timeout: 180_000 } },
  testTimeout: 600_000,
  hookTimeout: 300_000,
};

/** Real Chromium, with WebGPU in software. An object of its own for each project: Vitest writes into it. */
const inChromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  // On a busy machine whose cache is empty, dependencies are bundled first.
  connectTimeout: 300_000,
  provider: playwright({
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--enable-unsafe-webgpu',
        '--use-webgpu-adapter=swiftshader',
      ],
    },
  }),
  instances: [{ browser: 'chromium' as const }],
});

export default defineConfig({
  // Relative, so that the built app works under any sub-path of a static host.
  base: './',
  plugins: [
    react(),
    demoDrawings(),
    serveModelsFolder(),
    contentSecurityPolicyTag(),
    notices.page,
    serviceWorker(),
    stampBuild(import.meta.dirname),
  ],
  worker: { format: 'es', plugins: () => [notices.worker, entriesApart()] },
  build: {
    target: 'es2022',
    // The TensorFlow.js chunk is large by nature and loads in workers only.
    chunkSizeWarningLimit: 2500,
    // What the first screen loads at once is one file: in seventy, compression had little to compare, and took 20 kB more.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', test: /\/src\/main\.tsx$/ }] } } },
  },
  // Cross-origin isolated as by the app's own server, which says why.
  server: { fs: { allow: sharedDir ? ['.', sharedDir] : ['.'] }, headers: isolation },
  test: {
    reporters: ['default', './tests/failures-reporter.ts'],
    // What measures time has projects of its own, `npm run test:speed` and `npm run test:scale`: beside others it would measure them.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/unit/**/*.test.ts'],
          exclude: [LONG_TESTS],
          setupFiles: ['tests/property-seed.ts'],
          provide: provided,
          // Generous: on a busy machine a test of seconds takes a minute, and is no worse for it.
          testTimeout: 60_000,
          expect: { poll: { timeout: 60_000 } },
          maxWorkers: NODE_WORKERS,
          // Nothing under test keeps state in a module, so that files may share what they import: half the time.
          pool: 'threads',
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          ...browserTests(),
          name: 'browser',
          include: ['tests/browser/**/*.test.{ts,tsx}'],
          exclude: [SPEED_TESTS, LONG_TESTS],
        },
      },
      {
        extends: true,
        test: { ...browserTests(), name: 'browser-long', include: [`tests/browser/${LONG_TESTS}`] },
      },
      {
        extends: true,
        test: { ...browserTests(), name: 'browser-speed', include: [`tests/browser/${SPEED_TESTS}`] },
      },
      {
        extends: true,
        test: {
          ...journeys,
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: [SPEED_TESTS, LONG_TESTS],
          maxWorkers: NODE_WORKERS,
        },
      },
      {
        extends: true,
        test: { ...journeys, name: 'node-long', include: [`tests/{unit,e2e}/${LONG_TESTS}`], maxWorkers: NODE_WORKERS },
      },
      {
        extends: true,
        test: { ...journeys, name: 'e2e-speed', include: [`tests/e2e/${SPEED_TESTS}`], fileParallelism: false },
      },
      {
        extends: true,
        // Takes most of an hour, and bounds the wait after a reload: `npm run test:scale`.
        test: {
          name: 'scale-speed',
          environment: 'node',
          include: [`tests/scale/${SPEED_TESTS}`],
          globalSetup: ['tests/e2e/build.ts'],
          expect: journeys.expect,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        // Takes half an hour: `npm run test:endurance`.
        test: {
          name: 'endurance',
          environment: 'node',
          include: ['tests/endurance/**/*.test.ts'],
          globalSetup: ['tests/e2e/build.ts'],
          expect: journeys.expect,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        // Measurements, not tests: `npm run bench`.
        test: {
          name: 'bench',
          include: ['tests/bench/**/*.bench.ts'],
          testTimeout: 1_800_000,
          fileParallelism: false,
          browser: inChromium(),
        },
      },
    ],
  },
});
