/**
 * What has the focus may leave the page: an image that was excluded, the button of a notice, a choice that is made. The
 * browser then leaves the focus nowhere, and a user without a mouse starts from the top. Here it goes on with what stands
 * at that place, or with what had it before a choice opened.
 */

const FOCUSABLE =
  'button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]';

/** Menus, choices and dialogs, which are drawn outside the page. */
const OVERLAY = '[data-portal]';

const isUsable = (element: Element): element is HTMLElement =>
  element instanceof HTMLElement && element.matches(FOCUSABLE) && element.checkVisibility({ visibilityProperty: true });

const isOff = (element: Element | null): boolean => element?.matches(':disabled') === true;

const isFree = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** What has the focus only because nothing else had it, until the user presses something. */
let placed: Element | null = null;

/** Whether what comes now may take the focus: nothing has it, or only what stands where something went. */
export const isFocusFree = (): boolean => isFree() || document.activeElement === placed;

function firstIn(element: Element | null, last = false): HTMLElement | null {
  if (element === null) return null;
  if (isUsable(element) && element.tabIndex >= 0) return element;
  const inside = [...element.querySelectorAll(FOCUSABLE)].filter(isUsable);
  // In a grid or a list of one tab stop, any of its items will do.
  const reached = inside.filter(({ tabIndex }) => tabIndex >= 0);
  const among = reached.length > 0 ? reached : inside;
  return among.at(last ? -1 : 0) ?? (isUsable(element) ? element : null);
}

const asElement = (node: Node | null): Element | null =>
  node === null || node instanceof Element ? node : (node.parentNode?.children[0] ?? null);

/** What now stands where something was taken out: after it, else before it, else the same beside its parent, and so on. */
function heirAt(parent: Node, before: Node | null, after: Node | null): HTMLElement | null {
  // Another screen: it is read from its beginning.
  if (parent instanceof HTMLElement && parent.id === 'content') return parent;
  let next = asElement(before?.isConnected ? before.nextSibling : after?.isConnected ? after : parent.firstChild);
  let previous = asElement(before?.isConnected ? before : null);
  for (let around: Node | null = parent; around instanceof Element; around = around.parentNode) {
    if (around === document.body || around.matches(OVERLAY)) return null;
    for (; next !== null; next = next.nextElementSibling) {
      const found = firstIn(next);
      if (found) return found;
    }
    for (; previous !== null; previous = previous.previousElementSibling) {
      const found = firstIn(previous, true);
      if (found) return found;
    }
    if (isUsable(around)) return around;
    next = around.nextElementSibling;
    previous = around.previousElementSibling;
  }
  return null;
}

/** Starts at once; returns what ends it. */
export function keepFocus(): () => void {
  /** What has the focus or had it last, in the page and in what lies over it; what takes its place when it goes. */
  let inPage: Element | null = null;
  let inOverlay: Element | null = null;
  let waiting = 0;

  const restore = (): void => {
    if (!isFree() && !isOff(document.activeElement)) return;
    for (const mark of [inOverlay, inPage]) {
      if (!(mark instanceof HTMLElement && mark.isConnected)) continue;
      // A button that is busy comes back; one that its own press switched off may not.
      if (mark.matches('[data-loading]')) return;
      const heir = isOff(mark) ? heirAt(mark.parentNode ?? document.body, mark, null) : mark;
      heir?.focus({ preventScroll: true });
      if (isFree() || isOff(document.activeElement)) continue;
      placed = document.activeElement;
      return;
    }
  };
  // What puts the focus somewhere has done so by then.
  const restoreSoon = (): void => {
    clearTimeout(waiting);
    waiting = window.setTimeout(restore);
  };

  const acted = (): void => {
    placed = null;
  };
  const focused = ({ target }: FocusEvent): void => {
    if (!(target instanceof Element)) return;
    if (target.closest(OVERLAY)) {
      inOverlay = target;
    } else {
      inPage = target;
      inOverlay = null;
    }
  };
  // A press beside everything leaves the focus nowhere on purpose.
  const pressed = ({ target }: PointerEvent): void => {
    acted();
    if (target instanceof Element && target.closest(FOCUSABLE) === null && !target.closest(OVERLAY)) {
      inPage = null;
      inOverlay = null;
    }
  };

  const heirOf = (mark: Element | null, { target, removedNodes, previousSibling, nextSibling }: MutationRecord) => {
    if (mark === null || mark.isConnected) return mark;
    const went = [...removedNodes].some((node) => node.contains(mark));
    return went && target.isConnected ? heirAt(target, previousSibling, nextSibling) : mark;
  };
  const observer = new MutationObserver((records) => {
    // A button that was busy and is not any more, or that its own press has switched off.
    if (records.some(({ type, target }) => type === 'attributes' && target === (inOverlay ?? inPage))) restoreSoon();
    if ((inPage?.isConnected ?? true) && (inOverlay?.isConnected ?? true)) return;
    for (const record of records) {
      inPage = heirOf(inPage, record);
      inOverlay = heirOf(inOverlay, record);
    }
    restoreSoon();
  });

  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  addEventListener('focusin', focused);
  addEventListener('pointerdown', pressed, true);
  addEventListener('keydown', acted, true);
  return () => {
    clearTimeout(waiting);
    observer.disconnect();
    removeEventListener('focusin', focused);
    removeEventListener('pointerdown', pressed, true);
    removeEventListener('keydown', acted, true);
  };
}
