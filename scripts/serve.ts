/** `npm start`: serves the built app and the folder of weights on this machine, and prints the address. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultModelsDir, listModels } from './server/models-folder.ts';
import { startServer } from './server/static-server.ts';

const usage = `Usage: npm run serve -- [--port N] [--host ADDRESS]

  --port N        first port to try (default 4173; the next free one is taken where it is busy)
  --host ADDRESS  address to listen on (default 127.0.0.1: this machine alone)

Sets of weights are served from models/, or from the folder that LIKENESS_MODELS_DIR names.`;

interface Arguments {
  readonly host: string;
  readonly port: number;
}

function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '4173' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not "${values.port}".`);
  }
  return { host: values.host, port: Number(values.port) };
}

function fail(code: 1 | 2, error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  if (code === 2) console.error(`\n${usage}`);
  process.exit(code);
}

function parsed(): Arguments | 'help' {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    fail(2, error);
  }
}

const choice = parsed();
if (choice === 'help') {
  console.log(usage);
  process.exit(0);
}
const distDir = resolve(import.meta.dirname, '../dist');
if (!existsSync(join(distDir, 'index.html'))) fail(1, 'The app is not built yet: run "npm run build" first.');
const modelsDir = defaultModelsDir();
try {
  const { url } = await startServer({ distDir, modelsDir, ...choice });
  const models = await listModels(modelsDir);
  console.log(`Likeness: ${url}`);
  console.log(
    models.length === 0 ? `No weights in ${modelsDir}; the app can download them.` : `Weights in ${modelsDir}:`,
  );
  for (const { id, bytes } of models) console.log(`  ${id} (${Math.round(bytes / 1e6)} MB)`);
  console.log('Ctrl+C stops it.');
} catch (error) {
  fail(1, error);
}
