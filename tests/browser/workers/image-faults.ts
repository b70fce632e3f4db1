/** What befalls the app's image worker, as planned, at files of the type `image/x-poison`. */
import { fail, planned, seeCalls } from './faults.ts';

seeCalls(({ parameters: [files], event }) => {
  const { poison } = planned.faults;
  if (poison && Array.isArray(files) && files.some((file) => file instanceof Blob && file.type === 'image/x-poison')) {
    fail(poison, event);
  }
});
