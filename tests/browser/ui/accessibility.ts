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
  return [
    ...result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
    ...brokenWords(within).map((word) => `a word on two lines: ${word}`),
  ];
}

/** What screen readers alone hear has a pixel of room. */
function isForReadersAlone(element: Element | null): boolean {
  return (
    element !== null && (getComputedStyle(element).clipPath !== 'none' || isForReadersAlone(element.parentElement))
  );
}

/** Words of buttons, links and heads that there was no room for; names of files and weights may break anywhere. */
function brokenWords(within: Element): string[] {
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const broken: string[] = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const said = text.parentElement?.closest<HTMLElement>('button, a, th, label');
    if (!said?.checkVisibility() || isForReadersAlone(said)) continue;
    for (const { 0: word, index } of text.nodeValue?.matchAll(/(?<!\S)\p{L}{2,14}(?!\S)/gu) ?? []) {
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const tops = [...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top));
      if (new Set(tops).size > 1) broken.push(word);
    }
  }
  return broken;
}
