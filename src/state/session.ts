import { createImagePool } from '../core/image-pool.ts';
import { openDatabase } from '../storage/database.ts';
import { noticeMemory, noticeTrouble, storageTroubleStore } from './storage-trouble.ts';

/** One database and one set of image workers serve the whole page; both are opened at their first use. */
export const database = openDatabase('likeness', {
  onMemory: noticeMemory,
  onDeleted: noticeTrouble,
  onUnstored(refusal) {
    noticeTrouble(refusal);
    storageTroubleStore.setState({ unstoredBytes: database.unstored.bytes });
  },
});
export const imagePool = createImagePool();
