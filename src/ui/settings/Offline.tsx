import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type InstallationState, installationStore } from '../../app/settings/installation.ts';
import { useStore } from '../use-store.ts';
import { useActions } from '../workspace.tsx';
import { Section } from './Section.tsx';
import styles from './SettingsScreen.module.css';

const words: Readonly<Record<InstallationState['offline'], string>> = {
  none: 'Here the app needs its server at every start: this browser keeps no apps, or the address is neither https nor this machine.',
  preparing: 'The app is being kept in this browser, so that it starts without a network.',
  ready:
    'The app is kept in this browser and starts without a network. Weights are kept apart, once they are downloaded and verified.',
  failed:
    'The app could not be kept in this browser, so it needs its server at every start. The next visit tries again.',
};

/** Whether the app starts without a network, and its installation where the browser offers one. */
export function Offline() {
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
