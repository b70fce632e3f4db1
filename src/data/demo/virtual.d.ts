/** Made by scripts/demo/drawings-plugin.ts. */
declare module 'virtual:demo-drawings' {
  export const drawings: import('./drawings.ts').Drawings;
}
