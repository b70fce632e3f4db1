import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { MemberChoice, SingleChoice } from '../../app/comparison/comparison.ts';
import type { ModelRow } from '../../app/models/models.ts';
import { FinetunedExplanation, FrozenExplanation } from '../components/Explain.tsx';
import { Name } from '../components/Name.tsx';
import panel from '../components/screen.module.css';
import { formatCount } from '../format.ts';
import { datasetSize } from '../frame/marks.ts';
import { sizeOf, tagOf } from '../models/weights-words.ts';
import { headWords } from '../runs/model-words.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { fineTuningObstacle } from './fine-tuning-words.ts';
import styles from './plan.module.css';

/** The backbones, each to be compared frozen, fine-tuned, or both; those that the hub would have to give are folded away. */
export function BackboneTicks({ canFineTune }: { readonly canFineTune: boolean }) {
  const rows = useStore(useWorkspace().models, (state) => state.rows);
  const singles = useStore(useWorkspace().comparison, (state) => state.singles);
  const frozenOnly = useStore(useWorkspace().comparison, (state) => state.frozenOnly);
  const images = useStore(useWorkspace().dataset, datasetSize);
  const [unfolded, setUnfolded] = useState(false);
  const singleOf = ({ weights }: ModelRow) => singles.find(({ weightsId }) => weightsId === weights.id);
  const far = rows.filter((row) => {
    const single = singleOf(row);
    const near = row.group === 'here' || row.group === 'served';
    return !near && row.embedded === 0 && !single?.frozen && !single?.finetuned;
  });
  const obstacleOf = ({ weights }: ModelRow, head: MemberChoice['head']) =>
    fineTuningObstacle([{ weightsId: weights.id, head }], { canFineTune, frozenOnly });
  // What cannot be ticked can still be unticked.
  const heads: readonly MemberChoice['head'][] =
    canFineTune || singles.some(({ finetuned }) => finetuned) ? ['frozen', 'finetuned'] : ['frozen'];
  return (
    <section className={panel.panel} aria-labelledby="backbones-heading">
      <h2 id="backbones-heading">Backbones</h2>
      <p className={panel.note}>
        <b>Frozen</b>: the network’s features as they are.
        {canFineTune ? (
          <>
            {' '}
            <b>Fine-tuned</b>: a small head is trained on top of them; the network stays as it is.
          </>
        ) : (
          ' To fine-tune a head takes training images of two classes or more, which this data set does not have.'
        )}
      </p>
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
            {heads.includes('finetuned') ? (
              <th scope="col" className={styles.tick}>
                <span className={styles.term}>
                  Fine-tuned
                  <FinetunedExplanation />
                </span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows
            .filter((row) => unfolded || !far.includes(row))
            .map((row) => (
              <tr key={row.weights.id}>
                <th scope="row" className={styles.name}>
                  <span className={styles.title}>
                    <Name>{row.weights.label}</Name>
                    {row.weights.origin === 'built-in' ? <span className={styles.badge}>Baseline</span> : null}
                  </span>
                  <span className={styles.second}>
                    {tagOf(row.weights) === null ? null : (
                      <>
                        <bdi className={styles.tag}>{tagOf(row.weights)}</bdi>,{' '}
                      </>
                    )}
                    {readiness(row, images)}
                    {canFineTune && obstacleOf(row, 'finetuned') !== undefined ? (
                      <span className={styles.second}>{obstacleOf(row, 'finetuned')}</span>
                    ) : null}
                  </span>
                </th>
                {heads.map((head) => (
                  <td key={head} className={styles.tick}>
                    <Tick row={row} single={singleOf(row)} head={head} obstacle={obstacleOf(row, head)} />
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
      {far.length === 0 && !unfolded ? null : (
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            className={styles.flush}
            aria-expanded={unfolded}
            onClick={() => setUnfolded(!unfolded)}
          >
            {unfolded ? 'Hide what would be downloaded' : `Show ${formatCount(far.length)} more, to be downloaded`}
          </Button>
        </div>
      )}
      <p className={panel.note}>
        Colour and gradient, frozen, is the baseline: a network earns its time by beating it.
      </p>
    </section>
  );
}

interface TickProps {
  readonly row: ModelRow;
  readonly single: SingleChoice | undefined;
  readonly head: MemberChoice['head'];
  /** Why it cannot be ticked. */
  readonly obstacle: string | undefined;
}

function Tick({ row: { weights }, single, head, obstacle }: TickProps) {
  const { tickSingle } = useActions();
  return (
    <Checkbox
      size="sm"
      aria-label={`${weights.label}, ${headWords[head]}`}
      title={obstacle}
      disabled={obstacle !== undefined && single?.[head] !== true}
      checked={single?.[head] ?? false}
      onChange={(event) => tickSingle(weights.id, head, event.currentTarget.checked)}
    />
  );
}

/** What stands between the weights and a run. */
function readiness({ weights, cached, embedded }: ModelRow, images: number): string {
  if (images > 0 && embedded >= images) return 'embedded';
  if (embedded > 0) return `${formatCount(embedded)} of ${formatCount(images)} embedded`;
  if (weights.origin === 'own') return 'no vectors of these images';
  if (weights.origin === 'built-in') return 'needs no download';
  return cached === null ? `to download, ${sizeOf(weights)}` : 'cached, to embed';
}
