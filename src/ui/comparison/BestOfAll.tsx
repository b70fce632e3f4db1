import { Button, NativeSelect } from '@mantine/core';
import { IconAlertTriangle, IconArrowRight, IconPlayerStop, IconTrophy } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { type BestView, canChooseBest } from '../../app/comparison/comparison.ts';
import { jobs } from '../../app/jobs/jobs.ts';
import { embeddedRows } from '../../app/models/models.ts';
import { RANKINGS } from '../../core/run-choice.ts';
import { judgedByName } from '../../metrics/registry.ts';
import { Explain } from '../components/Explain.tsx';
import { Notice } from '../components/Notice.tsx';
import panel from '../components/screen.module.css';
import { formatAmount, formatCount, formatInterval, formatShare } from '../format.ts';
import { datasetSize } from '../frame/marks.ts';
import { useLabels } from '../runs/model-words.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './comparison.module.css';
import { pathWords, worthWords } from './comparison-words.ts';

const KS = [1, 5, 10] as const;
const MINUTES = [1, 5, 15, 60] as const;

/** One press: the best of what is embedded, for the metric and in the time that the user gives. */
export function BestOfAll() {
  const { chooseBest } = useActions();
  const best = useStore(useWorkspace().comparison, (state) => state.best);
  const comparing = useStore(useWorkspace().comparison, (state) => state.running);
  const images = useStore(useWorkspace().dataset, datasetSize);
  const embedded = useStore(useWorkspace().models, ({ rows }) => embeddedRows(rows, images).length);
  const [k, setK] = useState<number>(best?.k ?? 10);
  const [minutes, setMinutes] = useState(5);
  const running = best?.state === 'running';
  const divisible = useStore(useWorkspace().dataset, (state) => canChooseBest(state.images));
  const reason = reasonAgainst(divisible, comparing, embedded);
  return (
    <section className={`${panel.panel} ${styles.best}`} aria-labelledby="best-heading">
      <div className={styles.bestTitle}>
        <h2 id="best-heading">The best of what you have</h2>
        <Explain term="the best of what you have">
          <p>
            Starts with the best frozen model, and adds, exchanges or drops a member, changes the ranking or averages,
            as long as that helps by more than its standard error.
          </p>
          <p>
            Judged on images of training/ that heads have not learned from. Photos of one shoot are nearly copies: they
            are held out together, a third of them at a time, so that memorising does not pay.
          </p>
          {RANKINGS.map(({ name, order, summary }) => (
            <p key={name}>
              <b>Ranked {order}</b>: {summary}
            </p>
          ))}
        </Explain>
      </div>
      <p className={panel.note}>
        Chooses among what is embedded which models answer together, frozen or fine-tuned, and how they rank. Decided on
        images of training/ alone; the winner is then scored once on the test.
      </p>
      <div className={styles.controls}>
        <NativeSelect
          size="xs"
          label="For"
          disabled={running}
          value={String(k)}
          data={KS.map((one) => ({ value: String(one), label: `Top-${one} accuracy` }))}
          onChange={(event) => setK(Number(event.currentTarget.value))}
        />
        <NativeSelect
          size="xs"
          label="In at most"
          disabled={running}
          value={String(minutes)}
          data={MINUTES.map((one) => ({ value: String(one), label: formatAmount(one, 'minute') }))}
          onChange={(event) => setMinutes(Number(event.currentTarget.value))}
        />
        {running ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerStop size={16} aria-hidden="true" />}
            onClick={() => jobs.cancel(({ job }) => job?.kind === 'best')}
          >
            Stop choosing
          </Button>
        ) : (
          <Button
            size="xs"
            leftSection={<IconTrophy size={16} aria-hidden="true" />}
            disabled={reason !== null}
            aria-describedby="best-note"
            onClick={() => void chooseBest(k, minutes * 60_000)}
          >
            Find the best
          </Button>
        )}
        <span id="best-note" className={panel.note}>
          {running
            ? null
            : (reason ??
              (embedded === 1
                ? 'Of the embedded model, frozen and fine-tuned.'
                : `Among ${formatAmount(embedded, 'embedded model')}, each frozen and fine-tuned.`))}
        </span>
      </div>
      {best === null ? null : best.outdated && !running ? (
        <Notice
          tone="warning"
          role="status"
          icon={<IconAlertTriangle size={20} aria-hidden="true" />}
          action={
            <Button size="xs" disabled={reason !== null} onClick={() => void chooseBest(best.k, minutes * 60_000)}>
              Find the best again
            </Button>
          }
        >
          The best for top-{best.k} accuracy was chosen with other labels or images, which no longer counts.
        </Notice>
      ) : (
        <Outcome best={best} />
      )}
    </section>
  );
}

/** Why nothing can be chosen now; null where it can. What waiting does not mend comes first. */
function reasonAgainst(divisible: boolean, comparing: boolean, embedded: number): string | null {
  if (!divisible) return 'No class in training/ has the four images that it takes to validate. Compare models by name.';
  if (comparing) return 'A comparison runs now.';
  return embedded === 0 ? 'Embed all images with a model first.' : null;
}

/** The path that it took, and what came of it. */
function Outcome({ best: { k, state, path, found, runId } }: { readonly best: BestView }) {
  const steps = pathWords(path, useLabels());
  const last = path.at(-1);
  const test = useStore(
    useWorkspace().comparison,
    ({ runs }) => runs.find(({ id }) => id === runId)?.result.test ?? null,
  );
  return (
    <div className={styles.outcome} role="status">
      {steps.length === 0 ? (
        <p className={panel.note}>
          {state === 'running' ? 'Each frozen model is tried first.' : 'Stopped before the frozen models were tried.'}
        </p>
      ) : (
        <ol className={styles.path} aria-label="The path to the best">
          {steps.map(({ words, value }, at) => (
            <li key={`${words} ${value}`} className={styles.step}>
              {at === 0 ? null : <IconArrowRight size={14} className={styles.arrow} aria-hidden="true" />}
              <bdi>{words}</bdi> <b>{value}</b>
            </li>
          ))}
        </ol>
      )}
      {state === 'running' && steps.length > 0 ? (
        <p className={panel.note}>The last is the best so far; what could be added to it is being tried.</p>
      ) : null}
      {state === 'stopped' && steps.length > 0 ? (
        <p className={panel.note}>
          Stopped; the last is the best until then, and was not scored on the test. The heads are kept: choosing again
          is quicker.
        </p>
      ) : null}
      {found === null || last === undefined ? null : (
        <p className={styles.sentence}>
          Worth {worthWords(last.value, found.interval)} on shoots that were held out, {judgedByName(k)}: harder than
          validation, where photos of one shoot stand on both sides. {formatAmount(found.tried, 'model')} tried
          {found.complete ? ', and nothing more helps' : ' when the time was up: more time may find a better one'}.{' '}
          {test === null ? (
            'The test has no labels to score it with.'
          ) : (
            <>
              On the test its top-{k} accuracy is <b>{formatShare(test.topk[String(k)] ?? 0)}</b>
              {test.ci95[String(k)] ? ` ${formatInterval(test.ci95[String(k)] ?? [0, 0])}` : ''}, over{' '}
              {formatCount(test.queries)} queries. It stands among the results.{' '}
              <Link href={`/dashboard?a=${encodeURIComponent(runId ?? '')}`} className={styles.link}>
                Look at it in the dashboard
              </Link>
            </>
          )}
        </p>
      )}
    </div>
  );
}
