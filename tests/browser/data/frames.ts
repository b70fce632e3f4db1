/**
 * How long the page's thread was busy without a break while `work` ran, in milliseconds. The best of three runs: other
 * programs on the machine only ever add to it.
 */
export async function longestBlock(work: () => Promise<void>): Promise<number> {
  const runs: number[] = [];
  for (let run = 0; run < 3; run++) runs.push(await watch(work));
  return Math.min(...runs);
}

async function watch(work: () => Promise<void>): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  let longest = 0;
  let last = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    port2.postMessage(null);
  };
  port2.postMessage(null);
  await work();
  longest = Math.max(longest, performance.now() - last);
  port1.close();
  return longest;
}
