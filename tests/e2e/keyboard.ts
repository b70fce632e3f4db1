import type { Locator, Page } from 'playwright';

/** More stops than any screen has before something on it. */
const MOST_STOPS = 150;

const hasFocus = (locator: Locator) => locator.evaluate((element) => element === document.activeElement);

/** Presses Tab until the element has the focus, as somebody without a mouse does; fails where Tab never gets there. */
export async function tabTo(page: Page, locator: Locator): Promise<void> {
  await locator.waitFor({ timeout: 60_000 });
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await hasFocus(locator)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${MOST_STOPS} presses of Tab do not reach ${locator}.`);
}

/** Tab to it, then the key that presses it. */
export async function press(page: Page, locator: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await tabTo(page, locator);
  await page.keyboard.press(key);
}

/** From now on a mouse does nothing: whatever happens, the keyboard does it. */
export async function withoutMouse(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'touchstart']) {
      window.addEventListener(type, (event) => event.stopImmediatePropagation(), true);
    }
    // A key's click has no pointer; a mouse's has.
    const refuse = (event: MouseEvent) => {
      if (event.detail > 0) event.stopImmediatePropagation();
    };
    window.addEventListener('click', refuse, true);
  });
}
