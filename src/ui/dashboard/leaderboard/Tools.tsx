import { Button, Checkbox, NativeSelect, Popover, SegmentedControl, TextInput } from '@mantine/core';
import { IconColumns3, IconSearch } from '@tabler/icons-react';
import { memo } from 'react';
import { METRICS, type Metric } from '../../../metrics/registry.ts';
import { EnsembleExplanation, FinetunedExplanation, FrozenExplanation } from '../../components/Explain.tsx';
import { formatAmount, formatCount } from '../../format.ts';
import { KindIcon } from '../../runs/KindIcon.tsx';
import { chosenOrder } from '../../runs/result-order.ts';
import styles from './leaderboard.module.css';
import type { KindFilter, LeaderboardOrder } from './leaderboard-rows.ts';

interface ToolsProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly kind: KindFilter;
  readonly onKind: (kind: KindFilter) => void;
  readonly by: LeaderboardOrder['by'];
  readonly onOrder: (order: LeaderboardOrder) => void;
  /** The metrics that have a column. */
  readonly metrics: readonly Metric[];
  /** Null for those that there is room for. */
  readonly onMetrics: (metrics: readonly Metric[] | null) => void;
  readonly macro: boolean;
  readonly onMacro: (macro: boolean) => void;
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
  const { text, onText, kind, onKind, by, onOrder, metrics, onMetrics, macro, onMacro, sorts, shown, all } = props;
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
      <span className={styles.legend}>
        <span>
          <KindIcon kind="frozen" /> frozen <FrozenExplanation />
        </span>
        <span>
          <KindIcon kind="finetuned" /> fine-tuned <FinetunedExplanation />
        </span>
        <span>
          <KindIcon kind="ensemble" /> ensemble <EnsembleExplanation />
        </span>
      </span>
      {sorts ? (
        <NativeSelect
          size="xs"
          aria-label="Sort the models by"
          value={by}
          data={[
            ...metrics.map(({ key, title }) => ({ value: key, label: `Best ${title}` })),
            { value: 'model', label: 'Model' },
          ]}
          onChange={(event) => onOrder(chosenOrder(event.currentTarget.value))}
        />
      ) : null}
      <ColumnsMenu metrics={metrics} onMetrics={onMetrics} macro={macro} onMacro={onMacro} />
      <span className={styles.count} role="status">
        {shown === all ? formatAmount(all, 'model') : `${formatCount(shown)} of ${formatAmount(all, 'model')}`}
      </span>
    </div>
  );
});

type ColumnsMenuProps = Pick<ToolsProps, 'metrics' | 'onMetrics' | 'macro' | 'onMacro'>;

/** Which metrics have a column. */
function ColumnsMenu({ metrics, onMetrics, macro, onMacro }: ColumnsMenuProps) {
  return (
    <Popover position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button size="compact-xs" variant="default" leftSection={<IconColumns3 size={14} aria-hidden="true" />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.columns}>
        {METRICS.map((metric) => (
          <Checkbox
            key={metric.key}
            size="xs"
            label={metric.name}
            checked={metrics.includes(metric)}
            onChange={({ currentTarget: { checked } }) =>
              onMetrics(METRICS.filter((each) => (each === metric ? checked : metrics.includes(each))))
            }
          />
        ))}
        <Checkbox
          size="xs"
          label="macro average below each"
          description="Every class counts alike, however many queries it has."
          checked={macro}
          onChange={({ currentTarget: { checked } }) => onMacro(checked)}
        />
        <Button size="compact-xs" variant="subtle" onClick={() => onMetrics(null)}>
          As many as fit
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
