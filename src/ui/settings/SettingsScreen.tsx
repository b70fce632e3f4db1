import { Button, Checkbox, NativeSelect, SegmentedControl } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { engineStore } from '../../app/engine.ts';
import { type InstallationState, installationStore } from '../../app/settings/install.ts';
import { pathStore } from '../../app/settings/path.ts';
import { NUMBER_LANGUAGES, settingsStore, type Theme } from '../../app/settings/settings.ts';
import { ConfirmDelete } from '../components/ConfirmDelete.tsx';
import { Failures } from '../components/Notice.tsx';
import { ScreenHeader } from '../components/ScreenHeader.tsx';
import { ScrollBox } from '../components/ScrollBox.tsx';
import { PRIVACY, usedWords } from '../components/storage-words.ts';
import { EngineControl, EngineText } from '../frame/EngineChip.tsx';
import { languageChoices } from '../number-language.ts';
import { useStore } from '../use-store.ts';
import { useActions } from '../workspace.tsx';
import { StorageParts } from './StorageParts.tsx';
import styles from './settings.module.css';

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
        <NumbersControl />
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
  const { setWorkers } = useActions();
  const engine = useStore(engineStore, (state) => state.engine);
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
  const { showPath } = useActions();
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

/** The screens are made again in another language of numbers: the focus then comes back here. */
let chosenHere = false;

function NumbersControl() {
  const { setNumbers } = useActions();
  const numbers = useStore(settingsStore, (state) => state.numbers);
  const control = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    if (chosenHere) control.current?.focus();
    chosenHere = false;
  }, []);
  return (
    <NativeSelect
      ref={control}
      size="xs"
      label="Numbers"
      description="On the screens and in saved figures; the report and tables are in English."
      value={numbers}
      data={languageChoices()}
      onChange={({ currentTarget }) => {
        const chosen = NUMBER_LANGUAGES.find((language) => language === currentTarget.value);
        if (chosen === undefined) return;
        chosenHere = true;
        setNumbers(chosen);
      }}
    />
  );
}

function ThemeControl() {
  const { setTheme } = useActions();
  const theme = useStore(settingsStore, (state) => state.theme);
  return <SegmentedControl aria-label="Theme" size="xs" data={themes} value={theme} onChange={setTheme} />;
}

const words: Readonly<Record<InstallationState['offline'], string>> = {
  none: 'Here the app needs its server at every start: this browser keeps no apps, or the address is neither https nor this machine.',
  preparing: 'The app is being kept in this browser, so that it starts without a network.',
  ready:
    'The app is kept in this browser and starts without a network. Weights are kept apart, once they are downloaded and verified.',
  failed:
    'The app could not be kept in this browser, so it needs its server at every start. The next visit tries again.',
};

/** Whether the app starts without a network, and its installation where the browser offers one. */
function Offline() {
  const { installApp } = useActions();
  const { offline, installable } = useStore(installationStore);
  return (
    <Section title="Without a network">
      <p className={styles.text}>{words[offline]}</p>
      {installable ? (
        <div className={styles.controls}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden="true" />}
            onClick={() => void installApp()}
          >
            Install as an app
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

/** What helps to find the cause of a failure; the user sees what they copy. */
function Diagnostics() {
  const { diagnostics } = useActions();
  const [text, setText] = useState<string | null>(null);
  const [messages, setMessages] = useState(false);
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <Section title="Diagnostics">
      <p className={styles.text}>
        Versions, graphics card, limits and the last errors, to copy into a bug report. No images, and no file names
        unless you tick them.
      </p>
      <Checkbox
        size="xs"
        label="With the errors’ full messages, which may name files"
        checked={messages}
        onChange={(event) => {
          setMessages(event.currentTarget.checked);
          // What is shown must never hold more than what is ticked.
          setText(null);
        }}
      />
      <div className={styles.controls}>
        <Button size="xs" variant="default" onClick={() => void diagnostics({ messages }).then(setText)}>
          {text === null ? 'Show diagnostics' : 'Refresh'}
        </Button>
        {text === null ? null : (
          <Button
            size="xs"
            variant="default"
            leftSection={
              clipboard.copied ? <IconCheck size={16} aria-hidden="true" /> : <IconCopy size={16} aria-hidden="true" />
            }
            onClick={() => clipboard.copy(text)}
          >
            <span aria-live="polite">{clipboard.copied ? 'Copied' : 'Copy'}</span>
          </Button>
        )}
      </div>
      {text === null ? null : (
        <ScrollBox label="Diagnostics" style={{ maxHeight: 320 }}>
          <pre className={styles.diagnostics}>{text}</pre>
        </ScrollBox>
      )}
    </Section>
  );
}

function Storage() {
  const { deleteEverything, refreshStorage } = useActions();
  const storage = useStore(settingsStore, (state) => state.storage);
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    void refreshStorage();
  }, [refreshStorage]);

  return (
    <Section title="Storage">
      <p className={styles.text}>
        {storage.usedBytes === null ? 'Measuring what this browser keeps…' : `${usedWords(storage)}.`}
      </p>
      <Persistence persisted={storage.persisted} />
      {storage.weightsLast ? null : (
        <p className={styles.text}>
          This browser keeps no files for this page: downloaded weights last until this tab is closed.
        </p>
      )}
      <StorageParts />
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        Delete everything
      </Button>
      <ConfirmDelete
        opened={asking}
        title="Delete everything?"
        confirm="Delete everything"
        onConfirm={() => void deleteEverything()}
        onClose={() => setAsking(false)}
      >
        Work that is running ends. Data sets, features, thumbnails, weights and settings are deleted. The folders on
        your disk stay as they are.
      </ConfirmDelete>
    </Section>
  );
}

function Persistence({ persisted }: { readonly persisted: boolean | null }) {
  const { requestPersistence } = useActions();
  if (persisted === null) return null;
  if (persisted) {
    return (
      <p className={`${styles.text} ${styles.signed}`}>
        <IconShieldCheck size={18} className={styles.granted} aria-hidden="true" />
        The browser keeps this until you delete it.
      </p>
    );
  }
  return (
    <div className={styles.controls}>
      <p className={styles.text}>The browser may delete this when the disk gets full.</p>
      <Button size="xs" variant="default" onClick={() => void requestPersistence()}>
        Ask to keep it
      </Button>
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.heading}>
        {title}
      </h2>
      <div className={styles.body}>{children}</div>
    </section>
  );
}
