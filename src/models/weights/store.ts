/** Folders of files, one folder a set of weights. Names are safe already (folder-name.ts). */
export interface WeightsStore {
  /** False where the browser keeps no files for this page: they are lost when the tab is closed. */
  readonly lasting: boolean;
  folders(): Promise<string[]>;
  /** A file as it is now; null where it is missing. */
  read(folder: string, name: string): Promise<Blob | null>;
  /** Writes a small file, replacing one of that name. */
  write(folder: string, name: string, text: string): Promise<void>;
  /** Opens a file (made where it is missing) to write at its end. One appender a file; close it. */
  append(folder: string, name: string): Promise<Appender>;
  removeFile(folder: string, name: string): Promise<void>;
  removeFolder(folder: string): Promise<void>;
}

export interface Appender {
  readonly size: number;
  write(bytes: Uint8Array<ArrayBuffer>): void;
  /** Cuts the file down to nothing. */
  clear(): void;
  close(): void;
}
