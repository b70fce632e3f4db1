import { TextInput } from '@mantine/core';
import { useState } from 'react';
import styles from './LookFilters.module.css';
import { rank } from './look-address.ts';

interface RankEntryProps {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A rank from 1, or nothing: taken over on Enter and on leaving the field. */
export function RankEntry({ label, value, onChange }: RankEntryProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);

  const take = (): void => {
    if (typed === null) return;
    const wanted = rank(typed);
    if (wanted === null && typed.trim() !== '') {
      setError('A whole number from 1');
      return;
    }
    setError(null);
    setTyped(null);
    if (wanted !== value) onChange(wanted);
  };

  return (
    <TextInput
      size="xs"
      className={styles.rank}
      inputMode="numeric"
      autoComplete="off"
      placeholder="any"
      aria-label={label}
      value={typed ?? (value === null ? '' : String(value))}
      error={error}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
      }}
    />
  );
}
