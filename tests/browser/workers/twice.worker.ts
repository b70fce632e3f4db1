import './instance.worker.ts';

// The query makes another module of the same file, as an entry that is evaluated a second time is.
const again = './instance.worker.ts?twice';
await import(/* @vite-ignore */ again);
postMessage('evaluated twice');
