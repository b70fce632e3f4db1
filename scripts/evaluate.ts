/** `npm run evaluate`: evaluates models on a folder of images in headless Chromium, with the code that the screens use. */
import { type Arguments, readArguments, UsageError, usage } from './evaluate/arguments.ts';
import { evaluate, reasonOf } from './evaluate/evaluation.ts';
import { progressOn } from './evaluate/progress.ts';
import { scoresTable } from './evaluate/scores-table.ts';
import { embedShard } from './evaluate/shard.ts';

function parsed(): Arguments {
  try {
    const args = readArguments(process.argv.slice(2));
    if (args !== 'help') return args;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n--help lists the options.`);
    process.exit(2);
  }
}

const args = parsed();
const interruption = new AbortController();
/** As shells count a process that a signal ended. */
const statusOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
let status = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    status = statusOf[signal];
    interruption.abort();
  });
}
try {
  const progress = progressOn(process.stderr);
  if (args.shard) {
    for (const line of await embedShard(args, args.shard, progress, interruption.signal)) console.log(line);
  } else {
    const results = await evaluate(args, progress, interruption.signal);
    console.log(`${scoresTable(results, process.stdout.columns)}\n${args.out}`);
  }
} catch (error) {
  console.error(interruption.signal.aborted ? 'Interrupted.' : `Failed: ${reasonOf(error)}`);
  if (!interruption.signal.aborted) status = 1;
}
// Explicitly, since a browser that hangs while closing would keep the process alive.
process.exit(status);
