/** PostgreSQL with pgvector as PGlite in a process of its own, for scripts/bench/engine: says its address, and ends with its input. */
import { pgliteEngine } from '../pglite-engine.ts';

const engine = await pgliteEngine();
console.log(engine.url);
process.stdin.resume().on('end', () => void engine.close().then(() => process.exit(0)));
