import { UnstyledButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Dataset } from '../../types.ts';
import { formatCount } from '../format.ts';
import styles from './Facts.module.css';

interface FactsProps {
  readonly dataset: Dataset;
  readonly onShowProblems: () => void;
}

export function Facts({ dataset, onShowProblems }: FactsProps) {
  const { counts, problems } = dataset;
  return (
    <dl className={styles.facts}>
      <Fact name="Classes" value={dataset.classes.length} />
      <Fact name="Training" value={counts.training} />
      <Fact name="Query" value={counts.query} />
      <Fact name="Gallery" value={counts.gallery} />
      <div className={styles.fact}>
        <dt>Problems</dt>
        <dd>
          {problems.length === 0 ? (
            '0'
          ) : (
            <UnstyledButton
              className={styles.problems}
              aria-label={`${formatCount(problems.length)}, show the problems`}
              onClick={onShowProblems}
            >
              <IconAlertTriangle size={18} aria-hidden="true" />
              {formatCount(problems.length)}
            </UnstyledButton>
          )}
        </dd>
      </div>
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{formatCount(value)}</dd>
    </div>
  );
}
