import { Popover, SegmentedControl, UnstyledButton } from '@mantine/core';
import { IconCpu } from '@tabler/icons-react';
import { engineStore } from '../../app/engine.ts';
import { settingsStore } from '../../app/settings/settings.ts';
import type { EngineChoice, EngineInfo, EngineKind } from '../../types.ts';
import { formatAmount } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions } from '../workspace.tsx';
import styles from './frame.module.css';

const engineChoices: { readonly value: EngineChoice; readonly label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'wasm', label: 'WASM' },
];

function engineName(kind: EngineKind): string {
  return kind === 'webgpu' ? 'WebGPU' : 'WASM';
}

/** "Apple M2", "8 workers". */
function engineDetail(engine: EngineInfo): string {
  return engine.kind === 'webgpu' ? (engine.adapter ?? 'unnamed adapter') : formatAmount(engine.workers, 'worker');
}

/** The engine in use; a press explains it and offers the others. */
export function EngineChip() {
  const engine = useStore(engineStore, (state) => state.engine);
  return (
    <Popover width={320} position="bottom-end" trapFocus>
      <Popover.Target>
        <UnstyledButton className={styles.quiet} aria-label={`Engine: ${spoken(engine)}`}>
          <IconCpu size={16} aria-hidden="true" />
          <span>{engine === null ? 'Engine' : engineName(engine.kind)}</span>
          {engine === null ? null : <span className={styles.engineDetail}>· {engineDetail(engine)}</span>}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <EngineText engine={engine} />
        <EngineControl />
      </Popover.Dropdown>
    </Popover>
  );
}

function spoken(engine: EngineInfo | null): string {
  return engine === null ? 'not opened yet' : `${engineName(engine.kind)}, ${engineDetail(engine)}`;
}

export function EngineText({ engine }: { readonly engine: EngineInfo | null }) {
  if (engine === null) {
    return (
      <div className={styles.engineText}>
        <p>The engine opens when the first image is embedded: WebGPU where there is a graphics card, else WASM.</p>
      </div>
    );
  }
  return (
    <div className={styles.engineText}>
      <p>
        {engine.kind === 'webgpu'
          ? `Networks run on the graphics card (${engineDetail(engine)}) by WebGPU.`
          : `Networks run on the processor by WASM, in ${engineDetail(engine)}.`}
      </p>
      {engine.reason === null ? null : <p className={styles.quietText}>{engine.reason}</p>}
    </div>
  );
}

export function EngineControl() {
  const { setEngine } = useActions();
  const choice = useStore(settingsStore, (state) => state.engine);
  return (
    <SegmentedControl
      aria-label="Engine"
      size="xs"
      data={engineChoices}
      value={choice}
      onChange={(wanted) => void setEngine(wanted)}
    />
  );
}
