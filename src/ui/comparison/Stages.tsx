import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircleDashed, IconCircleMinus } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Stage } from '../../app/comparison/comparison.ts';
import { Ring } from '../components/Progress.tsx';
import { ScrollBox } from '../components/ScrollBox.tsx';
import panel from '../components/screen.module.css';
import { wholePercent } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import styles from './comparison.module.css';
import { isOpen, stagesLine, stageTime } from './run-plan.ts';

/** The stages in the order in which they run: listed before anything does, with their times. */
export function Stages() {
  const stages = useStore(useWorkspace().comparison, (state) => state.stages);
  const running = useStore(useWorkspace().comparison, (state) => state.running);
  const [unfolded, setUnfolded] = useState(false);
  const box = useRef<HTMLElement>(null);
  const current = stages.find(({ state }) => state === 'running')?.id ?? null;

  useEffect(() => {
    const row = current === null ? null : box.current?.querySelector('[aria-current]');
    // Not scrollIntoView, which would scroll the page as well.
    if (row instanceof HTMLElement && box.current !== null) {
      box.current.scrollTop = row.offsetTop - box.current.clientHeight / 2;
    }
  }, [current]);

  // What is kept from before is of interest once there is nothing else.
  const foldable = stages.filter(({ state }) => state === 'kept').length;
  const shown = unfolded ? stages : stages.filter(({ state }) => state !== 'kept');
  return (
    <section className={panel.panel} aria-labelledby="stages-heading">
      <div className={panel.head}>
        <h2 id="stages-heading">Stages</h2>
        {foldable === 0 ? null : (
          <Button
            size="compact-sm"
            variant="subtle"
            className={styles.flush}
            aria-expanded={unfolded}
            aria-controls="stages-list"
            onClick={() => setUnfolded(!unfolded)}
          >
            {unfolded ? 'Hide what is kept' : 'Show what is kept'}
          </Button>
        )}
      </div>
      <p className={panel.note}>
        {stages.length === 0
          ? 'Nothing is ticked yet. Each step is listed here before it runs.'
          : stagesLine(stages, running)}
      </p>
      <ScrollBox id="stages-list" ref={box} label="Stages" hidden={shown.length === 0} style={{ maxHeight: 268 }}>
        <ul className={styles.stages}>
          {shown.map((stage) => (
            <Row key={stage.id} stage={stage} />
          ))}
        </ul>
      </ScrollBox>
    </section>
  );
}

function Row({ stage }: { readonly stage: Stage }) {
  const { label, state } = stage;
  return (
    <li
      className={`${styles.stage} ${isOpen(stage) ? '' : styles.over}`}
      aria-current={state === 'running' ? 'step' : undefined}
    >
      <span className={styles.sign}>{sign(stage)}</span>
      <bdi className={styles.stageLabel}>{label}</bdi>
      <span className={styles.time}>{stageTime(stage)}</span>
    </li>
  );
}

function sign({ state, progress }: Stage): ReactNode {
  switch (state) {
    case 'kept':
      return <IconCheck size={16} aria-hidden="true" />;
    case 'done':
      return <IconCheck size={16} className={styles.done} aria-hidden="true" />;
    case 'running':
      return (
        <Ring
          percent={progress === null || progress.total === 0 ? null : wholePercent(progress.done / progress.total)}
        />
      );
    case 'waiting':
      return <IconCircleDashed size={16} aria-hidden="true" />;
    case 'failed':
      return <IconAlertTriangle size={16} className={styles.failed} aria-hidden="true" />;
    case 'cancelled':
      return <IconCircleMinus size={16} aria-hidden="true" />;
  }
}
