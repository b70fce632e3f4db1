/** The parts of a row, shared by table and cards. */
import { ActionIcon, UnstyledButton } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconChevronRight,
  IconDeviceFloppy,
  IconLayersIntersect,
  IconPhotoSearch,
  IconSnowflake,
  type TablerIcon,
} from '@tabler/icons-react';
import { chooseRun, saveHead } from '../../state/actions.ts';
import type { RunRow } from '../../state/comparison.ts';
import { formatInterval, formatShare } from '../format.ts';
import { navigate } from '../location.ts';
import {
  headWords,
  isFineTuned,
  kindOf,
  type Labels,
  type ModelKind,
  membersHeads,
  membersName,
} from './model-words.ts';
import styles from './Results.module.css';
import { recipeChanges } from './recipe-words.ts';
import { type Figure, type ResultRow, seedOf, seedWords } from './result-rows.ts';

const icons: Readonly<Record<ModelKind, TablerIcon>> = {
  frozen: IconSnowflake,
  finetuned: IconAdjustmentsHorizontal,
  ensemble: IconLayersIntersect,
};

const BASELINE = 'colour-gradient';

export const modelName = ({ runs: [{ choice }] }: ResultRow, labels: Labels): string =>
  membersName(choice.members, labels);

/** "fine-tuned, linear, dropout 0.2", "ensemble, concat, fine-tuned and frozen, cosine". */
export function modelDetail({ choice: { members, combine, recipe, loaded } }: RunRow): string {
  const kind = kindOf({ members });
  const parts = kind === 'ensemble' ? ['ensemble', combine, membersHeads(members)] : [headWords[kind]];
  const trained = members.some(isFineTuned) ? [recipe.classifier, ...recipeChanges(recipe)] : [];
  return [...parts, ...trained, loaded === null ? null : 'head from a file'].filter((part) => part !== null).join(', ');
}

interface ModelProps {
  readonly row: ResultRow;
  readonly labels: Labels;
  /** Whether the seeds are shown one by one. */
  readonly unfolded: boolean;
  readonly onFold: () => void;
}

export function Model({ row, labels, unfolded, onFold }: ModelProps) {
  const [first] = row.runs;
  const { members } = first.choice;
  const kind = kindOf(first.choice);
  const Icon = icons[kind];
  const seeds = seedWords(row.runs);
  return (
    <span className={styles.model}>
      <Icon size={18} stroke={1.6} className={styles[kind]} aria-hidden="true" />
      <span className={styles.words}>
        <span className={styles.title}>
          <bdi className={styles.name}>{membersName(members, labels)}</bdi>
          {kind === 'frozen' && members[0]?.weightsId === BASELINE ? (
            <span className={styles.badge}>Baseline</span>
          ) : null}
        </span>
        <span className={styles.second}>
          {[modelDetail(first), row.runs.length > 1 ? null : seeds].filter((part) => part !== null).join(', ')}
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

interface FigureCellProps {
  readonly figure: Figure | null;
  /** The highest of its column. */
  readonly best?: boolean;
}

/** Per cent with one digit; under it the 95 % interval, or the standard deviation over seeds. */
export function FigureCell({ figure, best = false }: FigureCellProps) {
  if (figure === null) {
    return (
      <span className={styles.none} role="img" aria-label="not measured">
        –
      </span>
    );
  }
  const { share, interval, deviation } = figure;
  return (
    <>
      {best ? <strong>{formatShare(share)}</strong> : formatShare(share)}
      {deviation === null ? null : <span className={styles.second}>± {formatShare(deviation)}</span>}
      {interval === null ? null : <span className={styles.second}>{formatInterval(interval)}</span>}
    </>
  );
}

interface RunActionsProps {
  readonly run: RunRow;
  readonly labels: Labels;
  /** Whether it is one of several seeds. */
  readonly ofSeveral: boolean;
}

export function RunActions({ run, labels, ofSeveral }: RunActionsProps) {
  const { members } = run.choice;
  const seed = ofSeveral ? `, seed ${seedOf(run)}` : '';
  const name = `${membersName(members, labels)}, ${modelDetail(run)}${seed}`;
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
          navigate('/search');
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
