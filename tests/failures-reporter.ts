import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** Where `npm test` gathers what failed, so that its last lines say it whatever was printed in between. */
export const FAILURES = join(import.meta.dirname, '..', 'node_modules', '.cache', 'likeness', 'failed-tests.txt');

/** Writes every failed test, with its first error, and every error outside of tests to a file. */
export default class FailuresReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message: string }[], reason: string): void {
    const lines = modules.flatMap((module) => [
      ...module.errors().map((error) => `${module.moduleId}: ${error.message}`),
      ...[...module.children.allTests('failed')].map(
        (test) => `${module.moduleId} > ${test.fullName}: ${test.result().errors?.[0]?.message ?? 'no message'}`,
      ),
    ]);
    lines.push(...errors.map(({ message }) => `Outside of any test: ${message}`));
    if (reason === 'failed' && lines.length === 0) lines.push('A run failed without a failed test.');
    if (lines.length === 0) return;
    mkdirSync(dirname(FAILURES), { recursive: true });
    appendFileSync(FAILURES, `${lines.join('\n')}\n`);
  }
}
