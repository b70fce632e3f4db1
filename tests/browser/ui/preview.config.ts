import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The screens with synthetic data and fake actions, for looking at them. */
export default defineConfig({
  root: resolve(import.meta.dirname, '../../..'),
  cacheDir: 'node_modules/.vite-preview',
  server: { port: 5199, host: '127.0.0.1' },
  plugins: [react()],
});
