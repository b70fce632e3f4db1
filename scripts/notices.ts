/** Writes THIRD_PARTY_NOTICES from what the build bundles: `npm run notices`. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtApp } from './built-app.ts';
import { NOTICES } from './notices/notices-plugin.ts';

const root = join(import.meta.dirname, '..');
const dist = await builtApp(root, console.info);
await copyFile(join(dist, NOTICES), join(root, 'THIRD_PARTY_NOTICES'));
