/** Runs cases from a number on, in a process of its own, telling before each which it is. Started by fuzz.ts. */
import { fuzzCase } from './case.ts';

const [seed = Number.NaN, from = Number.NaN] = process.argv.slice(2).map(Number);
const tell = (message: object) => process.send?.(message);

let number = from;
process.on('unhandledRejection', (reason) => {
  tell({ kind: 'fault', number, fault: `left a rejection unhandled: ${String(reason)}` });
});
// Nothing is left to be done where nobody listens any more.
process.on('disconnect', () => process.exit());
for (; ; number++) {
  tell({ kind: 'begin', number });
  const fault = await fuzzCase(seed, number).run();
  if (fault !== null) tell({ kind: 'fault', number, fault });
  // Messages and timers get their turn.
  if (number % 50 === 0) await new Promise((resolve) => setTimeout(resolve));
}
