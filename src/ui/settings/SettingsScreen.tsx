import { Checkbox, NativeSelect, SegmentedControl } from '@mantine/core';
import { useStore } from 'zustand';
import { setTheme, setWorkers, showPath } from '../../state/actions.ts';
import { modelsStore } from '../../state/models.ts';
import { pathStore } from '../../state/path.ts';
import { settingsStore, type Theme } from '../../state/settings.ts';
import { Failures } from '../components/Failures.tsx';
import { PRIVACY } from '../components/privacy.ts';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { EngineControl, EngineText } from '../frame/EngineChip.tsx';
import { Diagnostics } from './Diagnostics.tsx';
import { Offline } from './Offline.tsx';
import { Section } from './Section.tsx';
import styles from './SettingsScreen.module.css';
import { Storage } from './Storage.tsx';

const themes: { readonly value: Theme; readonly label: string }[] = [
  { value: 'auto', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** More workers than this gain nothing. */
const MOST_WORKERS = 8;

export default function SettingsScreen() {
  return (
    <div className={styles.view}>
      <ScreenHeader title="Settings" />
      <Failures screen="settings" />
      <Engine />
      <Section title="Appearance">
        <ThemeControl />
        <PathControl />
      </Section>
      <Offline />
      <Section title="Privacy">
        <p className={styles.text}>{PRIVACY}</p>
      </Section>
      <Diagnostics />
      {/* Last, since its table grows when the sizes are known. */}
      <Storage />
    </div>
  );
}

function Engine() {
  const engine = useStore(modelsStore, (state) => state.engine);
  const workers = useStore(settingsStore, (state) => state.workers);
  return (
    <Section title="Engine">
      <EngineText engine={engine} />
      <div className={styles.controls}>
        <EngineControl />
        <NativeSelect
          size="xs"
          label="WASM workers"
          value={workers === null ? '' : String(workers)}
          data={[
            { value: '', label: 'One for each core' },
            ...Array.from({ length: MOST_WORKERS }, (_, at) => String(at + 1)),
          ]}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            void setWorkers(chosen === '' ? null : Number(chosen));
          }}
        />
      </div>
    </Section>
  );
}

function PathControl() {
  const shown = useStore(pathStore, (state) => !state.hidden);
  return (
    <Checkbox
      size="xs"
      label="Show the five steps and what is next, until all are done"
      checked={shown}
      onChange={(event) => showPath(event.currentTarget.checked)}
    />
  );
}

function ThemeControl() {
  const theme = useStore(settingsStore, (state) => state.theme);
  return <SegmentedControl aria-label="Theme" size="xs" data={themes} value={theme} onChange={setTheme} />;
}
