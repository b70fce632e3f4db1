import { Button } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { ModelRow } from '../../app/models/models.ts';
import { useActions } from '../workspace.tsx';
import { embedPlan } from './embed-plan.ts';
import styles from './ModelsScreen.module.css';

interface EmbedBarProps {
  readonly rows: readonly ModelRow[];
  /** Whether the rows say what is embedded (ModelsState). */
  readonly counted: boolean;
  readonly images: number;
}

export function EmbedBar({ rows, counted, images }: EmbedBarProps) {
  const { embed } = useActions();
  const plan = embedPlan({ rows, counted }, images);
  return (
    <div className={styles.embed}>
      <Button
        leftSection={<IconStack2 size={18} aria-hidden="true" />}
        disabled={!plan.possible}
        aria-describedby="embed-note"
        onClick={() => void embed()}
      >
        {plan.label}
      </Button>
      <span id="embed-note" className={styles.quiet}>
        {plan.note} {images === 0 ? <Link href="/data">Go to Data</Link> : null}
        {rows.some((row) => row.embedded > 0) ? <Link href="/comparison">Compare models</Link> : null}
      </span>
    </div>
  );
}
