import * as v from 'valibot';
import { AppError } from '../../../src/errors.ts';
import { createJobs, type JobsOptions } from '../../../src/jobs/jobs.ts';
import type { Journal, JournalEntry } from '../../../src/jobs/journal.ts';

const jobSchema = v.variant('kind', [
  v.object({ kind: v.literal('bake'), kitchen: v.string(), cake: v.string() }),
  v.object({ kind: v.literal('shop'), what: v.string() }),
]);
export type Job = v.InferOutput<typeof jobSchema>;
export type Screen = 'kitchen' | 'market';

/** A journal in memory, with every state that was written, in order. */
export function memoryJournal() {
  const entries = new Map<string, { readonly scope: string | null; readonly entry: JournalEntry }>();
  const written: string[] = [];
  const journal: Journal = {
    async put({ scope, name }, entry) {
      entries.set(`${scope} ${name}`, { scope, entry });
      written.push(`${name} ${[entry.state, entry.stage].join(' ').trim()}`);
    },
    started: async (scope) =>
      [...entries.values()]
        .filter((known) => known.scope === scope && known.entry.state === 'started')
        .map(({ entry }) => entry),
  };
  return { journal, entries, written };
}

/** Jobs of a domain that the app does not have: what is in src/jobs must not know any. */
export function kitchenJobs(part: Partial<JobsOptions<Job, Screen>> = {}) {
  return createJobs<Job, Screen>({
    name: 'kitchen',
    schema: jobSchema,
    traitsOf: (job) =>
      job.kind === 'bake'
        ? { screen: 'kitchen', scope: job.kitchen, name: 'bake', lock: job.kitchen }
        : { screen: 'market', scope: null, name: `shop ${job.what}`, lock: `shop ${job.what}` },
    order: ['shop', 'bake'],
    journal: memoryJournal().journal,
    remedyFor: () => null,
    noticeTrouble: () => false,
    busyElsewhere: (lock) => new AppError('busy-elsewhere', `Another tab has ${lock}.`),
    ...part,
  });
}

export const bake = (cake: string, kitchen = 'home'): Job => ({ kind: 'bake', kitchen, cake });

/** A promise that the test settles. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
