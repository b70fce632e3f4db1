/** Tells listeners what has happened: stores follow changes by it, and are not called one by one. */
export interface Events<Event> {
  /** Call what it returns to listen no longer. */
  on(listener: (event: Event) => void): () => void;
  tell(event: Event): void;
}

export function createEvents<Event>(): Events<Event> {
  const listeners = new Set<(event: Event) => void>();
  return {
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(event) {
      // A copy: who starts to listen because of an event hears the next one first.
      for (const listener of [...listeners]) listener(event);
    },
  };
}
