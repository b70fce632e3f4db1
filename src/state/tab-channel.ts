import * as v from 'valibot';

const progressSchema = v.object({
  done: v.number(),
  total: v.number(),
  rate: v.nullable(v.number()),
  secondsLeft: v.nullable(v.number()),
});

/** What tabs tell each other about a data set. */
const messageSchema = v.variant('kind', [
  /** I work on it, and am here. */
  v.object({
    kind: v.literal('working'),
    datasetId: v.string(),
    activities: v.array(
      v.object({
        stage: v.string(),
        unit: v.picklist(['files', 'images', 'bytes', 'points', 'epochs']),
        progress: v.nullable(progressSchema),
      }),
    ),
  }),
  /** I do not work on it any more; what is stored of it may have changed. */
  v.object({ kind: v.literal('ended'), datasetId: v.string() }),
  /** Who works on it? */
  v.object({ kind: v.literal('asked'), datasetId: v.string() }),
  /** Leave it to me. */
  v.object({ kind: v.literal('let-go'), datasetId: v.string() }),
]);
export type TabMessage = v.InferOutput<typeof messageSchema>;

const channel = new BroadcastChannel('likeness-tabs');

/** Tells all other tabs of this browser. */
export function tellTabs(message: TabMessage): void {
  channel.postMessage(message);
}

export function onTabMessage(listener: (message: TabMessage) => void): void {
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    // A tab with another version of the app may say other things.
    const parsed = v.safeParse(messageSchema, data);
    if (parsed.success) listener(parsed.output);
  });
}
