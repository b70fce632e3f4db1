import { Checkbox } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { SingleChoice } from '../../app/comparison/comparison.ts';
import type { ModelRow } from '../../app/models/models.ts';
import { Name } from '../components/Name.tsx';
import { Notice } from '../components/Notice.tsx';
import { FinetunedExplanation, FrozenExplanation } from '../components/terms.tsx';
import { formatCount } from '../format.ts';
import { datasetSize } from '../frame/marks.ts';
import { sizeOf } from '../models/weights-words.ts';
import { headWords } from '../runs/model-words.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './Plan.module.css';

const heads = ['frozen', 'finetuned'] as const;

/** The backbones, each to be compared frozen, fine-tuned, or both. */
export function BackboneTicks({ canFineTune }: { readonly canFineTune: boolean }) {
  const rows = useStore(useWorkspace().models, (state) => state.rows);
  const singles = useStore(useWorkspace().comparison, (state) => state.singles);
  const images = useStore(useWorkspace().dataset, datasetSize);
  return (
    <section className={styles.panel} aria-labelledby="backbones-heading">
      <h2 id="backbones-heading">Backbones</h2>
      {canFineTune ? null : (
        <Notice tone="quiet" icon={<IconInfoCircle size={20} aria-hidden="true" />}>
          Fine-tuning learns from training images of two classes or more, and this data set has none. Frozen models work
          without.
        </Notice>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Weights</th>
            <th scope="col" className={styles.tick}>
              <span className={styles.term}>
                Frozen
                <FrozenExplanation />
              </span>
            </th>
            <th scope="col" className={styles.tick}>
              <span className={styles.term}>
                Fine-tuned
                <FinetunedExplanation />
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const single = singles.find(({ weightsId }) => weightsId === row.weights.id);
            return (
              <tr key={row.weights.id}>
                <th scope="row" className={styles.name}>
                  <span className={styles.title}>
                    <Name>{row.weights.label}</Name>
                    {row.weights.origin === 'built-in' ? <span className={styles.badge}>Baseline</span> : null}
                  </span>
                  <span className={styles.second}>{readiness(row, images)}</span>
                </th>
                {heads.map((head) => (
                  <td key={head} className={styles.tick}>
                    <Tick row={row} single={single} head={head} disabled={head === 'finetuned' && !canFineTune} />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className={styles.note}>
        Colour and gradient, frozen, is the baseline: a network earns its time by beating it.
      </p>
    </section>
  );
}

interface TickProps {
  readonly row: ModelRow;
  readonly single: SingleChoice | undefined;
  readonly head: (typeof heads)[number];
  readonly disabled: boolean;
}

function Tick({ row: { weights }, single, head, disabled }: TickProps) {
  const { tickSingle } = useActions();
  return (
    <Checkbox
      size="sm"
      aria-label={`${weights.label}, ${headWords[head]}`}
      // What cannot be ticked can still be unticked.
      disabled={disabled && single?.[head] !== true}
      checked={single?.[head] ?? false}
      onChange={(event) => tickSingle(weights.id, head, event.currentTarget.checked)}
    />
  );
}

/** What stands between the weights and a run. */
function readiness({ weights, cached, embedded }: ModelRow, images: number): string {
  if (images > 0 && embedded >= images) return 'embedded';
  if (embedded > 0) return `${formatCount(embedded)} of ${formatCount(images)} embedded`;
  if (weights.origin === 'built-in') return 'needs no download';
  return cached === null ? `to download, ${sizeOf(weights)}` : 'cached, to embed';
}
