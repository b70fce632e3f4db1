import axe from 'axe-core';
import { expect } from 'vitest';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import { eventually } from './mount.tsx';

/** Mantine starts a transition two frames after what it shows has been mounted. */
const FRAMES_WITHOUT_TRANSITION = 4;

/** Waits until the theme is the chosen one, no part is loading, and no transition runs: those have colours of their own. */
async function untilStill(): Promise<void> {
  const { theme } = settingsStore.getState();
  await eventually(() => {
    if (theme !== 'auto') expect(document.documentElement.dataset['mantineColorScheme']).toBe(theme);
    expect(document.querySelector('[aria-label^=Loading]')).toBeNull();
  });
  for (let still = 0; still < FRAMES_WITHOUT_TRANSITION; ) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    still = document.getAnimations().some((animation) => animation instanceof CSSTransition) ? 0 : still + 1;
  }
}

/** Ids of the broken rules of WCAG 2.2 A and AA and of good practice, each with the elements concerned. */
export async function violations(within: Element = document.body): Promise<string[]> {
  await untilStill();
  const result = await axe.run(within, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    // Mantine's dialogs have a <header>, which is taken for the page's.
    rules: { 'landmark-no-duplicate-banner': { enabled: false }, 'landmark-unique': { enabled: false } },
  });
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}
