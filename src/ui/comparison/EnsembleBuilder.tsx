import { ActionIcon, Button, Checkbox, NativeSelect } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Combination, EnsembleChoice, MemberChoice } from '../../app/comparison/comparison.ts';
import type { ModelRow } from '../../app/models/models.ts';
import { Explain } from '../components/Explain.tsx';
import { useLabels } from '../runs/model-words.ts';
import { ensembleProblem } from './comparison-words.ts';
import { fineTuningObstacle, type Trainable } from './fine-tuning-words.ts';
import styles from './plan.module.css';

/** The ways to make one embedding of several, in the order of the plan. */
export const combinations: readonly Combination[] = ['mean', 'concat', 'shared'];

export const combinationTitles: Readonly<Record<Combination, string>> = {
  mean: 'Mean',
  concat: 'Concat',
  shared: 'Shared',
};

/** A sentence for each, under one button. */
export function CombinationsExplanation() {
  return (
    <Explain term="mean, concat and shared">
      <p>
        <b>Mean</b>: the average of the members’ embeddings of 512 numbers, as in the paper. Spaces that were trained
        apart are not aligned, which adds noise.
      </p>
      <p>
        <b>Concat</b>: the embeddings side by side; the similarity is exactly the mean of the members’ cosines.
      </p>
      <p>
        <b>Shared</b>: the heads are trained together against one classifier, so that a class means the same direction
        in every member’s space; then averaged. Needs two fine-tuned members.
      </p>
    </Explain>
  );
}

interface EnsembleBuilderProps {
  readonly rows: readonly ModelRow[];
  /** Keys of the ensembles that are in the plan already. */
  readonly taken: readonly string[];
  readonly trainable: Trainable;
  readonly onAdd: (ensemble: EnsembleChoice) => void;
  readonly onCancel: () => void;
}

interface Line extends MemberChoice {
  readonly id: number;
}

/** Two or more members, each frozen or fine-tuned, and how to combine them. */
export function EnsembleBuilder({ rows, taken, trainable, onAdd, onCancel }: EnsembleBuilderProps) {
  const { canFineTune } = trainable;
  const untrained = (weightsId: string) => fineTuningObstacle([{ weightsId, head: 'finetuned' }], trainable);
  const headFor = (weightsId: string, head: MemberChoice['head']) =>
    untrained(weightsId) === undefined ? head : 'frozen';
  const ways = combinations.filter((combination) => canFineTune || combination !== 'shared');
  const first = rows[0]?.weights.id ?? '';
  const second = rows[1]?.weights.id ?? first;
  const [lines, setLines] = useState<readonly Line[]>([
    { id: 0, weightsId: first, head: headFor(first, 'finetuned') },
    { id: 1, weightsId: second, head: headFor(second, 'finetuned') },
  ]);
  const [combine, setCombine] = useState<readonly Combination[]>(['mean']);
  const labels = useLabels();
  const members = lines.map(({ weightsId, head: kind }): MemberChoice => ({ weightsId, head: kind }));
  const problem = ensembleProblem(members, combine, taken, labels);
  const change = (id: number, part: Partial<MemberChoice>): void =>
    setLines(lines.map((line) => (line.id === id ? { ...line, ...part } : line)));

  return (
    <fieldset className={styles.builder}>
      <legend className={styles.legend}>New ensemble</legend>
      {lines.map(({ id, weightsId, head: kind }, at) => (
        <div key={id} className={styles.memberLine}>
          <NativeSelect
            size="xs"
            aria-label={`Member ${at + 1}`}
            autoFocus={at === 0}
            value={weightsId}
            data={rows.map(({ weights }) => ({ value: weights.id, label: weights.label }))}
            onChange={(event) => {
              const { value } = event.currentTarget;
              change(id, { weightsId: value, head: headFor(value, kind) });
            }}
          />
          {canFineTune ? (
            <NativeSelect
              size="xs"
              aria-label={`Head of member ${at + 1}`}
              value={kind}
              title={untrained(weightsId)}
              data={[
                { value: 'frozen', label: 'Frozen' },
                { value: 'finetuned', label: 'Fine-tuned', disabled: untrained(weightsId) !== undefined },
              ]}
              onChange={(event) =>
                change(id, { head: event.currentTarget.value === 'frozen' ? 'frozen' : 'finetuned' })
              }
            />
          ) : null}
          <ActionIcon
            variant="subtle"
            color="gray"
            c="dimmed"
            aria-label={`Remove member ${at + 1}`}
            title="Remove this member"
            disabled={lines.length <= 2}
            onClick={() => setLines(lines.filter((line) => line.id !== id))}
          >
            <IconX size={16} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          className={styles.another}
          leftSection={<IconPlus size={14} aria-hidden="true" />}
          onClick={() =>
            setLines([...lines, { id: Math.max(...lines.map(({ id }) => id)) + 1, weightsId: first, head: 'frozen' }])
          }
        >
          Another member
        </Button>
      </div>
      <div className={styles.ways}>
        {ways.map((combination) => (
          <Checkbox
            key={combination}
            size="sm"
            label={combinationTitles[combination]}
            checked={combine.includes(combination)}
            onChange={(event) => {
              const ticked = event.currentTarget.checked;
              setCombine(combinations.filter((other) => (other === combination ? ticked : combine.includes(other))));
            }}
          />
        ))}
      </div>
      <div className={styles.actions}>
        <Button
          size="xs"
          disabled={problem !== null}
          aria-describedby="ensemble-problem"
          onClick={() => onAdd({ members, combine })}
        >
          Add to the plan
        </Button>
        <Button size="xs" variant="default" onClick={onCancel}>
          Close
        </Button>
        <span id="ensemble-problem" className={styles.problem} role="status">
          {problem}
        </span>
      </div>
    </fieldset>
  );
}
