import { storageError } from './refusal.ts';

/** Can be computed again from the images, and is most of what is stored: it would make a file that no program opens. */
const LEFT_OUT = new Set([
  'features',
  'imported',
  'embeddings',
  'embeddingRows',
  'indexes',
  'codes',
  'thumbnails',
  'queries',
  'checkpoints',
]);

/**
 * What is stored, unchanged: for a version of the app that cannot read it otherwise. One JSON file: the database's
 * version, and by store the rows as `[key, value]` (data sets, files, heads, runs, settings and whatever a newer version
 * has added), or only their number where they can be computed again. Typed arrays are
 * `{"type": "Float32Array", "base64": "…"}`. The database is neither upgraded nor changed.
 */
export async function exportRaw(name = 'likeness'): Promise<Blob> {
  try {
    // Not by idb, which remembers whose IndexedDB it has met: the page may go on with one in memory (open-connection.ts).
    const connection = await answer(indexedDB.open(name));
    try {
      return new Blob(await pieces(connection), { type: 'application/json' });
    } finally {
      connection.close();
    }
  } catch (error) {
    throw storageError(error);
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function pieces(connection: IDBDatabase): Promise<string[]> {
  const parts = [`{"app":"likeness","version":${connection.version},"stores":{`];
  for (const [i, name] of [...connection.objectStoreNames].entries()) {
    parts.push(`${i === 0 ? '' : ','}\n${JSON.stringify(name)}:`);
    const store = connection.transaction(name).objectStore(name);
    if (LEFT_OUT.has(name)) parts.push(`{"leftOut":${await answer(store.count())}}`);
    else parts.push('[', ...(await rows(store)), ']');
  }
  parts.push('}}\n');
  return parts;
}

/** A text a row: a whole store in one text may be longer than a text can be. */
function rows(store: IDBObjectStore): Promise<string[]> {
  const texts: string[] = [];
  const request = store.openCursor();
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return resolve(texts);
      const text = JSON.stringify([cursor.key, cursor.value], plain);
      texts.push(texts.length === 0 ? text : `,\n${text}`);
      cursor.continue();
    };
  });
}

/** What JSON has no word for: handles and blobs are named, not kept. */
function plain(_name: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    return {
      type: value.constructor.name,
      base64: base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)),
    };
  }
  if (value instanceof ArrayBuffer) return { type: 'ArrayBuffer', base64: base64(new Uint8Array(value)) };
  if (value instanceof Map) return { type: 'Map', entries: [...value] };
  if (value instanceof Set) return { type: 'Set', values: [...value] };
  if (value instanceof Blob || value instanceof FileSystemHandle) return { type: value.constructor.name };
  return typeof value === 'bigint' ? value.toString() : value;
}

/** Bytes turned into text at once: more would be too many arguments. A multiple of 3, so that pieces can be joined. */
const PIECE = 3 * 8192;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  }
  return text;
}
