import * as v from 'valibot';
import { chooseEngine } from '../../core/backbone-workers.ts';
import { getSetting, putSetting } from '../../storage/settings.ts';
import type { EngineChoice } from '../../types.ts';
import { context, database } from '../context.ts';
import { engineStore } from '../engine.ts';
import { jobs } from '../jobs/jobs.ts';
import { NUMBER_LANGUAGES, type NumberLanguage, type SettingsState, settingsStore, type Theme } from './settings.ts';

const KEY = 'preferences';
const preferences = v.object({
  theme: v.picklist(['auto', 'light', 'dark']),
  numbers: v.optional(v.picklist(NUMBER_LANGUAGES), 'auto'),
  engine: v.picklist(['auto', 'webgpu', 'wasm']),
  workers: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64))),
});

/** Reads the stored preferences. */
export async function loadSettings(): Promise<void> {
  const stored = await getSetting(database, KEY, preferences);
  if (stored) settingsStore.setState(stored);
}

export function setTheme(theme: Theme): void {
  void change({ theme });
}

export function setNumbers(numbers: NumberLanguage): void {
  void change({ numbers });
}

export async function setEngine(engine: EngineChoice): Promise<void> {
  await change({ engine, wasmInstead: false });
  await probeEngine();
}

export async function setWorkers(workers: number | null): Promise<void> {
  await change({ workers });
  await probeEngine();
}

/** Names the engine before anything has run on it; a backbone on the old engine is closed. */
export async function probeEngine(): Promise<void> {
  context.backbones.close();
  const { engine, workers } = settingsStore.getState();
  try {
    const chosen = await chooseEngine(engine, workers);
    engineStore.setState({ engine: chosen.engine });
  } catch (error) {
    engineStore.setState({ engine: null });
    jobs.fail('settings', error, { label: 'Choose the engine automatically', run: () => void setEngine('auto') });
  }
}

async function change(part: Partial<SettingsState>): Promise<void> {
  settingsStore.setState(part);
  const { theme, numbers, engine, workers } = settingsStore.getState();
  try {
    await putSetting(database, KEY, { theme, numbers, engine, workers });
  } catch (error) {
    jobs.fail('settings', error);
  }
}
