import type { Plugin } from 'vite';
import { makeDrawings } from './make-drawings.ts';

const NAME = 'virtual:demo-drawings';
const RESOLVED = `\0${NAME}`;

/** Makes the demo's drawings a module of the app, named by content like its other chunks and loaded only for the demo. */
export function demoDrawings(): Plugin {
  return {
    name: 'likeness:demo-drawings',
    resolveId: (id) => (id === NAME ? RESOLVED : null),
    load(id) {
      if (id !== RESOLVED) return null;
      // Text that JSON.parse reads is faster to start than the same thing as a program.
      return `export const drawings = JSON.parse(${JSON.stringify(JSON.stringify(makeDrawings()))});`;
    },
  };
}
