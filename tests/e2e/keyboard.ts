import type { Locator, Page } from 'playwright';

/** More stops than any screen has before something on it. */
const MOST_STOPS = 150;

const hasFocus = (locator: Locator) => locator.evaluate((element) => element === document.activeElement);

/** Presses Tab until the element has the focus, as somebody without a mouse does; fails where Tab never gets there. */
export async function tabTo(page: Page, locator: Locator): Promise<void> {
  await locator.waitFor();
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

/** Opens a button's menu and presses an item of it, by arrow keys. */
export async function chooseFromMenu(page: Page, button: Locator, item: string): Promise<void> {
  await press(page, button);
  // The menu takes the focus a moment after it is drawn; a key that comes before closes it.
  await page.waitForFunction(() => document.activeElement?.closest('[role=menu]') != null);
  const items = page.getByRole('menuitem');
  const wanted = page.getByRole('menuitem', { name: item });
  for (let step = await items.count(); step > 0; step--) {
    await page.keyboard.press('ArrowDown');
    if (await hasFocus(wanted)) return page.keyboard.press('Enter');
  }
  throw new Error(`The arrow keys do not reach “${item}”.`);
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
