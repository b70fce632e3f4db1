import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Absolute path of the folder with real weights and photos, or null where it does not exist. */
    sharedDir: string | null;
    /** What property tests draw their cases from; null for new ones each time. */
    propertySeed: number | null;
    /** The emulated hub of the browser tests (tests/hub-server.ts). */
    hubUrl: string;
  }
}
