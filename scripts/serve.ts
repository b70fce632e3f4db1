/** `npm start`: serves the built app and the folder of weights on this machine, and prints the address. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { builtApp } from './built-app.ts';
import { engineAt } from './gallery/connection.ts';
import { announcement, otherPort } from './server/announcement.ts';
import { engineRoute } from './server/engine-route.ts';
import { defaultModelsDir, listModels } from './server/models-folder.ts';
import { type Route, startServer } from './server/static-server.ts';

const usage = `Usage: npm run serve -- [--build] [--port N] [--host ADDRESS]

  --build         builds the app first where its sources were changed since the last build (npm start does)
  --port N        port to listen on, and no other (default 4173, or the next free one where that is taken)
  --host ADDRESS  address to listen on (default 127.0.0.1: this machine alone)

Sets of weights are served from models/, or from the folder that LIKENESS_MODELS_DIR names.
With LIKENESS_ENGINE=postgres://user@host/database, galleries that \`npm run gallery -- push\` copied there can be searched.`;

interface Arguments {
  readonly build: boolean;
  readonly host: string;
  /** Null where none is named: the usual one, or the next free one. */
  readonly port: number | null;
}

/** Data sets belong to it: a browser keeps them for one address. */
const USUAL_PORT = 4173;

function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      build: { type: 'boolean', default: false },
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const port = values.port ?? null;
  if (port !== null && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)) {
    throw new Error(`--port takes a number from 0 to 65535, not "${port}".`);
  }
  return { build: values.build, host: values.host, port: port === null ? null : Number(port) };
}

function fail(code: 1 | 2, error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  if (code === 2) console.error('--help lists the options.');
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
const { build, host, port } = choice;
const root = resolve(import.meta.dirname, '..');
const distDir = join(root, 'dist');
const modelsDir = defaultModelsDir();
try {
  if (build) await builtApp(root, console.info);
  if (!existsSync(join(distDir, 'index.html'))) throw new Error('The app is not built yet: run "npm run build" first.');
  const url = process.env['LIKENESS_ENGINE'];
  const engine = url === undefined ? null : engineAt(url, 'environment');
  const routes: Record<string, Route> = engine ? { engine: engineRoute(engine).route } : {};
  const server = await startServer({
    distDir,
    modelsDir,
    host,
    port: port ?? USUAL_PORT,
    exactPort: port !== null,
    routes,
  });
  const moved = port === null ? otherPort(USUAL_PORT, server.port) : null;
  if (moved !== null) console.info(moved);
  console.info(announcement(server.address, server.port, await listModels(modelsDir)));
  if (engine) console.info(`Engine: ${engine.shown}; query vectors go there, and photos do not.`);
} catch (error) {
  fail(1, error);
}
