import { createImagePool } from '../pipeline/image-pool.ts';
import { openDatabase } from '../storage/database.ts';

/** One database and one set of image workers serve the whole page; both are opened at their first use. */
export const database = openDatabase();
export const imagePool = createImagePool();
