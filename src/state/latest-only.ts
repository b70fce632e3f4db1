/** Does one at a time; of those that are asked for meanwhile only the last, when its turn has come. Ends with all of them. */
export function latestOnly<T>(work: (value: T) => Promise<void>): (value: T) => Promise<void> {
  let waiting: { readonly value: T } | null = null;
  let working: Promise<void> | null = null;
  const workOff = async (): Promise<void> => {
    try {
      while (waiting) {
        const { value } = waiting;
        waiting = null;
        await work(value);
      }
    } finally {
      working = null;
    }
  };
  return (value) => {
    waiting = { value };
    working ??= Promise.resolve().then(workOff);
    return working;
  };
}
