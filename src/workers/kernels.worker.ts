import { type SharedKernels, serveSecondThread } from '../heads/second-thread.ts';

/** The training worker's second thread: its messages are all work. */
globalThis.addEventListener('message', ({ data }: MessageEvent<SharedKernels>) => serveSecondThread(data));
