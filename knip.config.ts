import type { KnipConfig } from 'knip';

/** What `npm run check` counts as used. Vite's and Vitest's own entries (page, tests, reporters) are found in vite.config.ts. */
export default {
  entry: [
    'scripts/*.ts',
    // Started by their address in the built app, from vite.config.ts's plugin.
    'src/service-worker/service-worker.ts',
    // Opened by scripts/bench and scripts/screenshots.ts, in a page, by Vite or as a process; products and search-in-node by hand.
    'tests/bench/*-page.ts',
    'tests/bench/*-in-node.ts',
    'tests/bench/products.ts',
    // Run by hand before what is stored changes.
    'tests/fixtures/databases/write.ts',
  ],
  project: [
    'src/**/*.{ts,tsx}',
    'scripts/**/*.ts',
    'tests/**/*.{ts,tsx}',
    // AssemblyScript, which looks like TypeScript: its compiler starts at index.ts.
    '!scripts/build-kernels/assembly/**',
  ],
  ignoreDependencies: [
    // scripts/demo/make-drawings.ts reads the sets by the ids in data/demo/hands.ts.
    /^@iconify-json\//,
    // scripts/build-kernels/compile.ts starts its compiler as a program.
    'assemblyscript',
  ],
  ignoreBinaries: [
    // tests/e2e/exports-long.test.ts compiles LaTeX where it is installed, and says where it is not.
    'pdflatex',
  ],
  // A type that an exported function speaks of is part of what the file offers, also where nobody names it.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // All that it exports is handed over at once, as the screens' actions.
  ignoreIssues: { 'tests/browser/ui/fake-actions.ts': ['exports'] },
} satisfies KnipConfig;
