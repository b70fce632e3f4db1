import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { useEffect } from 'react';
import { Router } from 'wouter';
import { settingsStore } from '../app/settings/settings.ts';
import { Frame } from './frame/Frame.tsx';
import { keepFocus } from './frame/keep-focus.ts';
import { useHashLocation, useHashParameters } from './location.ts';
import { cssVariables, theme } from './theme.ts';
import { useStore } from './use-store.ts';

export function App() {
  const wanted = useStore(settingsStore, (settings) => settings.theme);
  const numbers = useStore(settingsStore, (settings) => settings.numbers);
  const system = useColorScheme();
  useEffect(keepFocus, []);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={wanted === 'auto' ? system : wanted}
    >
      <Router hook={useHashLocation} searchHook={useHashParameters}>
        {/* Numbers are written by plain functions: in another language, all screens are made again. */}
        <Frame key={numbers} />
      </Router>
    </MantineProvider>
  );
}
