import { Button } from '@mantine/core';
import { IconChartHistogram, IconPhotoSearch, IconPlus, IconScale } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { type DemoResult, demoKinds, demoResults, hands, offeredOnDemo } from '../../app/dataset/demo-results.ts';
import { jobs } from '../../app/jobs/jobs.ts';
import { Failures } from '../components/Notice.tsx';
import { formatShare } from '../format.ts';
import { downloadNote } from '../models/embed-plan.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { DemoCredits } from './DemoCredits.tsx';
import styles from './dataset.module.css';

const HeadStory = lazy(() => import('../dashboard/story/HeadStory.tsx'));

const handsOf = (split: (typeof hands)[number]['split']) => hands.filter((hand) => hand.split === split).length;

/** Beside the demo's pictures: what is asked, what came out, what else can be done, and who drew. */
export function DemoPanel() {
  const { compareOnDemo } = useActions();
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const rows = useStore(useWorkspace().models, (state) => state.rows);
  const busy = useStore(jobs.store, ({ running }) =>
    running.some(({ screen }) => screen === 'data' || screen === 'comparison'),
  );
  const results = demoResults(runs, rows);
  /** The query in sight, which the search then begins with. */
  const [told, setTold] = useState<string | null>(null);
  return (
    <section className={styles.invitation} aria-labelledby="demo-title">
      <h2 id="demo-title" className={styles.invitationTitle}>
        Find the same thing, drawn by a hand never seen
      </h2>
      <p className={styles.invitationText}>
        {demoKinds} things, as {hands.length} sets of emoji draw them: {handsOf('training')} sets are for training,{' '}
        {handsOf('gallery')} are searched, and one, which no model has seen, asks. The pictures are drawn in this tab.
      </p>
      {results.length > 0 ? (
        <Suspense fallback={<div className={styles.story} />}>
          <HeadStory onQuery={setTold} />
        </Suspense>
      ) : null}
      <div role="status">
        {results.map((result) => (
          <p key={result.weightsId} className={styles.invitationText}>
            {resultSentence(result)}
          </p>
        ))}
        {results.length === 0 ? (
          <p className={styles.invitationText}>
            {busy
              ? 'First the pictures are drawn and read, then the descriptor is compared, frozen and fine-tuned. The result appears here.'
              : 'Nothing is compared yet.'}
          </p>
        ) : null}
      </div>
      <Failures screen="comparison" />
      <div className={styles.invitationActions}>
        {results.length > 0 ? (
          <>
            <Button
              component={Link}
              href="/dashboard"
              size="xs"
              leftSection={<IconChartHistogram size={16} aria-hidden="true" />}
            >
              Look into the results
            </Button>
            <Button
              component={Link}
              href={`/search?query=${told ?? 'first'}`}
              size="xs"
              variant="default"
              leftSection={<IconPhotoSearch size={16} aria-hidden="true" />}
            >
              Search with a query
            </Button>
          </>
        ) : (
          <Button
            size="xs"
            disabled={busy}
            leftSection={<IconScale size={16} aria-hidden="true" />}
            onClick={() => void compareOnDemo([])}
          >
            Compare frozen and fine-tuned
          </Button>
        )}
        {offeredOnDemo(rows, results).map((row) => (
          <Button
            key={row.weights.id}
            size="xs"
            variant="default"
            disabled={busy}
            title={downloadNote([row]) ?? undefined}
            leftSection={<IconPlus size={16} aria-hidden="true" />}
            onClick={() => void compareOnDemo([row.weights.id])}
          >
            Compare {row.weights.label} too
          </Button>
        ))}
      </div>
      <DemoCredits />
    </section>
  );
}

function resultSentence({ label, top1, top10 }: DemoResult): string {
  const [first, among] = [top1, top10].map(
    ({ frozen, finetuned }) =>
      `${formatShare(frozen)} % of the queries frozen and ${formatShare(finetuned)} % fine-tuned`,
  );
  return `${label} finds the right thing first for ${first}, and among the first 10 for ${among}.`;
}
