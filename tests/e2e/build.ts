import { build } from 'vite';

/** The end-to-end tests use the built app, as a person does. */
export default async function setup(): Promise<void> {
  await build({ logLevel: 'warn', mode: 'production' });
}
