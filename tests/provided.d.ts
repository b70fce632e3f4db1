import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Absolute path of the folder with real weights and photos, or null where it does not exist. */
    sharedDir: string | null;
    /** The emulated hub of the browser tests (tests/hub-server.ts). */
    hubUrl: string;
  }
}
