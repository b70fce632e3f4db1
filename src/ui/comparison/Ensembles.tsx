import { ActionIcon, Button, Checkbox } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Combination, EnsembleChoice, MemberChoice } from '../../app/comparison/comparison.ts';
import { embeddedRows, type ModelRow } from '../../app/models/models.ts';
import { isFineTuned, membersKey } from '../../core/run-choice.ts';
import type { BackboneName } from '../../types.ts';
import panel from '../components/screen.module.css';
import { datasetSize } from '../frame/marks.ts';
import { sizeOf } from '../models/weights-words.ts';
import { membersHeads, membersName, useLabels } from '../runs/model-words.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { CombinationsExplanation, combinations, combinationTitles, EnsembleBuilder } from './EnsembleBuilder.tsx';
import { fineTuningObstacle, type Trainable } from './fine-tuning-words.ts';
import styles from './plan.module.css';

/** A row of the plan's ensembles. */
interface OfferedEnsemble extends EnsembleChoice {
  /** Presets are always in the plan; a user's own can be taken out. */
  readonly own: boolean;
}

const ofThePaper: readonly (readonly [BackboneName, BackboneName])[] = [
  ['resnet50', 'vit_base_patch16_224'],
  ['efficientnet_b0', 'vit_base_patch16_224'],
];

/** More members than this take longer to search than they are worth. */
const MOST_MEMBERS = 4;

/**
 * What is embedded, together; the paper's two, of the weights that are here where some are; then the chosen ones, then
 * those whose last tick was just removed.
 */
function offeredEnsembles(
  rows: readonly ModelRow[],
  images: number,
  chosen: readonly EnsembleChoice[],
  unticked: readonly (readonly MemberChoice[])[],
  canFineTune: boolean,
): OfferedEnsemble[] {
  const head = canFineTune ? 'finetuned' : 'frozen';
  const offered = new Map<string, OfferedEnsemble>();
  const preset = (of: readonly ModelRow[]) => {
    const members = of.map(({ weights }): MemberChoice => ({ weightsId: weights.id, head }));
    offered.set(membersKey(members), { members, combine: [], own: false });
  };
  // Where there is no room for all, the descriptor goes.
  const embedded = embeddedRows(rows, images).toSorted((a, b) => Number(isDescriptor(a)) - Number(isDescriptor(b)));
  if (embedded.length > 1) preset(embedded.slice(0, MOST_MEMBERS));
  for (const architectures of ofThePaper) {
    const of = architectures.flatMap((architecture) => {
      const same = rows.filter(({ weights }) => weights.architecture === architecture);
      return same.find((row) => row.embedded > 0) ?? same.find((row) => !isMissing(row)) ?? same[0] ?? [];
    });
    if (of.length === architectures.length) preset(of);
  }
  for (const ensemble of chosen) {
    const key = membersKey(ensemble.members);
    offered.set(key, { ...ensemble, own: offered.get(key)?.own ?? true });
  }
  for (const members of unticked) {
    const key = membersKey(members);
    if (!offered.has(key)) offered.set(key, { members, combine: [], own: true });
  }
  return [...offered.values()];
}

/** Those members whose weights would have to be downloaded. */
function missingMembers(members: readonly MemberChoice[], rows: readonly ModelRow[]): ModelRow[] {
  const ids = new Set(members.map(({ weightsId }) => weightsId));
  return rows.filter((row) => ids.has(row.weights.id) && isMissing(row));
}

const isDescriptor = ({ weights }: ModelRow): boolean => weights.origin === 'built-in';

const isMissing = ({ weights, cached, embedded }: ModelRow): boolean =>
  weights.origin !== 'built-in' && cached === null && embedded === 0;

/** Models that answer together, each with the ways to combine them. */
export function Ensembles({ canFineTune }: { readonly canFineTune: boolean }) {
  const { setEnsemble } = useActions();
  const rows = useStore(useWorkspace().models, (state) => state.rows);
  const images = useStore(useWorkspace().dataset, datasetSize);
  const chosen = useStore(useWorkspace().comparison, (state) => state.ensembles);
  const frozenOnly = useStore(useWorkspace().comparison, (state) => state.frozenOnly);
  const [unticked, setUnticked] = useState<readonly (readonly MemberChoice[])[]>([]);
  // Null until the form was opened once: closed again, it gives the focus back to its button.
  const [building, setBuilding] = useState<boolean | null>(null);
  // What cannot be ticked can still be unticked.
  const ways = combinations.filter(
    (combination) =>
      canFineTune || combination !== 'shared' || chosen.some(({ combine }) => combine.includes(combination)),
  );
  const offered = offeredEnsembles(rows, images, chosen, unticked, canFineTune);
  const without = (members: readonly MemberChoice[]) =>
    unticked.filter((others) => membersKey(others) !== membersKey(members));

  const tick = ({ members, combine, own }: OfferedEnsemble, combination: Combination, ticked: boolean): void => {
    const wanted = combinations.filter((other) => (other === combination ? ticked : combine.includes(other)));
    // The row stays where it is, so that a slip is undone by a tick.
    if (own && wanted.length === 0) setUnticked([...without(members), members]);
    setEnsemble({ members, combine: wanted });
  };
  const remove = ({ members }: OfferedEnsemble): void => {
    setUnticked(without(members));
    setEnsemble({ members, combine: [] });
  };

  return (
    <section className={panel.panel} aria-labelledby="ensembles-heading">
      <div className={styles.head}>
        <h2 id="ensembles-heading">Ensembles</h2>
        <CombinationsExplanation />
      </div>
      <p className={panel.note}>
        Models that answer together. <b>Mean</b>: their embeddings averaged. <b>Concat</b>: side by side, so that their
        similarities are averaged.
        {ways.includes('shared') ? (
          <>
            {' '}
            <b>Shared</b>: their heads trained together.
          </>
        ) : null}
      </p>
      {offered.length === 0 ? (
        <p className={panel.note}>None yet.</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Members</th>
              {ways.map((combination) => (
                <th key={combination} scope="col" className={styles.tick}>
                  {combinationTitles[combination]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {offered.map((ensemble) => (
              <Row
                key={membersKey(ensemble.members)}
                ensemble={ensemble}
                ways={ways}
                missing={missingMembers(ensemble.members, rows)}
                trainable={{ canFineTune, frozenOnly }}
                onTick={(combination, ticked) => tick(ensemble, combination, ticked)}
                onRemove={() => remove(ensemble)}
              />
            ))}
          </tbody>
        </table>
      )}
      {building ? (
        <EnsembleBuilder
          rows={rows}
          taken={offered.filter(({ combine }) => combine.length > 0).map(({ members }) => membersKey(members))}
          trainable={{ canFineTune, frozenOnly }}
          onAdd={(ensemble) => {
            setUnticked(without(ensemble.members));
            setEnsemble(ensemble);
            setBuilding(false);
          }}
          onCancel={() => setBuilding(false)}
        />
      ) : (
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={16} aria-hidden="true" />}
            disabled={rows.length === 0}
            autoFocus={building === false}
            onClick={() => setBuilding(true)}
          >
            Add an ensemble
          </Button>
        </div>
      )}
    </section>
  );
}

interface RowProps {
  readonly ensemble: OfferedEnsemble;
  readonly ways: readonly Combination[];
  /** Members that would have to be downloaded. */
  readonly missing: readonly ModelRow[];
  readonly trainable: Trainable;
  readonly onTick: (combination: Combination, ticked: boolean) => void;
  readonly onRemove: () => void;
}

function Row({ ensemble, ways, missing, trainable, onTick, onRemove }: RowProps) {
  const { members, combine, own } = ensemble;
  const name = membersName(members, useLabels());
  const trained = members.filter(isFineTuned).length;
  const obstacle = (combination: Combination): string | undefined => {
    const untrained = fineTuningObstacle(members, trainable);
    if (untrained !== undefined) return untrained;
    return combination === 'shared' && trained < 2 ? 'Needs two fine-tuned members' : undefined;
  };
  return (
    <tr>
      <th scope="row" className={styles.name}>
        <span className={styles.members}>
          <bdi>{name}</bdi>
          {own ? (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              c="dimmed"
              aria-label={`Take ${name} out of the plan`}
              title="Take out of the plan"
              onClick={onRemove}
            >
              <IconX size={14} aria-hidden="true" />
            </ActionIcon>
          ) : null}
        </span>
        <span className={styles.second}>{membersHeads(members)}</span>
        {missing.length === 0 ? null : (
          <span className={styles.second}>
            to download: <bdi>{missing.map(({ weights }) => `${weights.label}, ${sizeOf(weights)}`).join('; ')}</bdi>
          </span>
        )}
      </th>
      {ways.map((combination) => (
        <td key={combination} className={styles.tick}>
          <Checkbox
            size="sm"
            aria-label={`${name}, ${combination}`}
            title={obstacle(combination)}
            disabled={obstacle(combination) !== undefined && !combine.includes(combination)}
            checked={combine.includes(combination)}
            onChange={(event) => onTick(combination, event.currentTarget.checked)}
          />
        </td>
      ))}
    </tr>
  );
}
