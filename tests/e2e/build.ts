import { resolve } from 'node:path';
import { builtApp } from '../../scripts/built-app.ts';

/** The end-to-end tests use the built app, as a user does. */
export default async function setup(): Promise<void> {
  await builtApp(resolve(import.meta.dirname, '../..'), console.log);
}
