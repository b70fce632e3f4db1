import { NativeSelect } from '@mantine/core';
import { memo } from 'react';
import styles from './LookFilters.module.css';

export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

interface FilterSelectProps {
  /** Stands before it. */
  readonly label: string;
  /** Says more, where it is spoken. */
  readonly name: string;
  readonly value: string;
  readonly options: readonly FilterOption[];
  readonly onChange: (value: string) => void;
  readonly disabled?: boolean;
}

/** One choice. Drawn again only when it is another one: each change of a filter passes all of them. */
export const FilterSelect = memo(function FilterSelect(props: FilterSelectProps) {
  const { label, name, value, options, onChange, disabled = false } = props;
  return (
    <span className={styles.labelled}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      <NativeSelect
        size="xs"
        className={styles.select}
        aria-label={name}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </NativeSelect>
    </span>
  );
});
