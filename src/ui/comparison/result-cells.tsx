/** The parts of a row, shared by table and cards. */
import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconDeviceFloppy, IconPhotoSearch } from '@tabler/icons-react';
import type { RunRow } from '../../app/comparison/comparison.ts';
import { type ResultRow, seedOf } from '../../core/result-rows.ts';
import { isFineTuned, kindOf } from '../../core/run-choice.ts';
import { navigate } from '../location.ts';
import { isBaseline, KindIcon } from '../runs/KindIcon.tsx';
import { type Labels, membersName } from '../runs/model-words.ts';
import { modelDetail, modelName, seedWords } from '../runs/result-words.ts';
import styles from '../runs/runs.module.css';
import { useActions } from '../workspace.tsx';

interface ModelProps {
  readonly row: ResultRow;
  readonly labels: Labels;
  /** What is said of all heads above the table. */
  readonly shared: readonly string[];
  /** Whether the seed is said there, too. */
  readonly oneSeed: boolean;
  /** On what part of the images it was judged; null for all. */
  readonly part: string | null;
  /** Whether the seeds are shown one by one. */
  readonly unfolded: boolean;
  readonly onFold: () => void;
}

export function Model({ row, labels, shared, oneSeed, part, unfolded, onFold }: ModelProps) {
  const [first] = row.runs;
  const { members } = first.choice;
  const seeds = seedWords(row.runs);
  return (
    <span className={styles.model}>
      <KindIcon kind={kindOf(first.choice)} />
      <span className={styles.words}>
        <span className={styles.title}>
          <bdi className={styles.name}>{modelName(row, labels)}</bdi>
          {isBaseline(first) ? <span className={styles.badge}>Baseline</span> : null}
        </span>
        {first.name === undefined ? null : <span className={styles.second}>{membersName(members, labels)}</span>}
        <span className={styles.second}>
          {[modelDetail(first, shared), row.runs.length > 1 || oneSeed ? null : seeds, part]
            .filter((words) => words !== null)
            .join(', ')}
        </span>
        {row.runs.length > 1 ? (
          <UnstyledButton className={styles.fold} aria-expanded={unfolded} onClick={onFold}>
            <IconChevronRight size={14} aria-hidden="true" />
            {seeds}
          </UnstyledButton>
        ) : null}
      </span>
    </span>
  );
}

interface RunActionsProps {
  readonly run: RunRow;
  readonly labels: Labels;
  /** Whether it is one of several seeds. */
  readonly ofSeveral: boolean;
}

export function RunActions({ run, labels, ofSeveral }: RunActionsProps) {
  const { chooseRun, saveHead } = useActions();
  const { members } = run.choice;
  const seed = ofSeveral ? `, seed ${seedOf(run)}` : '';
  const name = `${run.name ?? membersName(members, labels)}, ${modelDetail(run)}${seed}`;
  return (
    <span className={styles.actions}>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="dimmed"
        aria-label={`Search with ${name}`}
        title={`Search with it${seed}`}
        onClick={() => {
          void chooseRun(run.id);
          navigate('/search?query=first');
        }}
      >
        <IconPhotoSearch size={18} aria-hidden="true" />
      </ActionIcon>
      {members.length === 1 && members.every(isFineTuned) ? (
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          aria-label={`Save the head of ${name}`}
          title={`Save the head as .safetensors${seed}`}
          onClick={() => void saveHead(run.id)}
        >
          <IconDeviceFloppy size={18} aria-hidden="true" />
        </ActionIcon>
      ) : null}
    </span>
  );
}
