/** What the runner tells while it works, on standard error. */
export interface Progress {
  /** A line that stays. */
  say(line: string): void;
  /** Tells what `status` says, again and again, until `work` has ended. */
  during<T>(work: Promise<T>, status: () => Promise<string | null>): Promise<T>;
}

const msBetweenLooks = 500;
/** Where every line stays (a log file), there are fewer of them. */
const msBetweenLinesInLogs = 5000;

export function progressOn(stream: NodeJS.WriteStream): Progress {
  const erase = stream.isTTY ? '\r\x1b[K' : '';
  let lastLine = 0;
  const show = (status: string) => {
    if (stream.isTTY) stream.write(`${erase}${status.slice(0, stream.columns - 1)}`);
    else if (Date.now() - lastLine >= msBetweenLinesInLogs) {
      lastLine = Date.now();
      stream.write(`${status}\n`);
    }
  };
  return {
    say: (line) => stream.write(`${erase}${line}\n`),
    async during(work, status) {
      const look = setInterval(() => {
        // A page that does not answer is told of by the work itself.
        status().then(
          (line) => line !== null && show(line),
          () => {},
        );
      }, msBetweenLooks);
      try {
        return await work;
      } finally {
        clearInterval(look);
        stream.write(erase);
      }
    },
  };
}
