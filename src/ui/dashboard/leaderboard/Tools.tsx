import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { memo } from 'react';
import { FinetunedExplanation, FrozenExplanation } from '../../components/terms.tsx';
import { formatAmount, formatCount } from '../../format.ts';
import { measures } from '../../runs/measures.tsx';
import styles from './Leaderboard.module.css';
import type { KindFilter, LeaderboardOrder } from './leaderboard-rows.ts';

interface ToolsProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly kind: KindFilter;
  readonly onKind: (kind: KindFilter) => void;
  readonly by: LeaderboardOrder['by'];
  readonly onOrder: (order: LeaderboardOrder) => void;
  /** Whether to sort by a choice, where no column's head does. */
  readonly sorts: boolean;
  /** Models that fit the filter, and all. */
  readonly shown: number;
  readonly all: number;
}

const kinds: readonly { readonly value: KindFilter; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'frozen', label: 'Frozen' },
  { value: 'finetuned', label: 'Fine-tuned' },
  { value: 'ensemble', label: 'Ensembles' },
];

/** Which models are shown, and how many there are. */
export const Tools = memo(function Tools(props: ToolsProps) {
  const { text, onText, kind, onKind, by, onOrder, sorts, shown, all } = props;
  return (
    <div className={styles.tools}>
      <TextInput
        size="xs"
        type="search"
        aria-label="Filter the models"
        placeholder="Filter by name, head or combination"
        leftSection={<IconSearch size={14} aria-hidden="true" />}
        className={styles.filter}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <SegmentedControl
        size="xs"
        aria-label="Kind of model"
        data={[...kinds]}
        value={kind}
        onChange={(value) => onKind(kinds.find((entry) => entry.value === value)?.value ?? 'all')}
      />
      <span>
        <FrozenExplanation />
        <FinetunedExplanation />
      </span>
      {sorts ? (
        <NativeSelect
          size="xs"
          aria-label="Sort the models by"
          value={by}
          data={[
            ...measures.map(({ measure, title }) => ({ value: measure, label: `Best ${title}` })),
            { value: 'model', label: 'Model' },
          ]}
          onChange={(event) => {
            const chosen = measures.find(({ measure }) => measure === event.currentTarget.value)?.measure ?? 'model';
            onOrder({ by: chosen, descending: chosen !== 'model' });
          }}
        />
      ) : null}
      <span className={styles.count} role="status">
        {shown === all ? formatAmount(all, 'model') : `${formatCount(shown)} of ${formatAmount(all, 'model')}`}
      </span>
    </div>
  );
});
