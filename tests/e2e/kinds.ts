import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Colour, encodePng } from './png.ts';

/** Kinds of picture that overlap: the colour of a kind, moved about more from image to image than from kind to kind. */
function picture(kind: number, number: number): Buffer {
  const moved = (step: number) => ((number * step) % 61) - 30;
  return encodePng(48, 40 + (number % 3) * 8, (x, y): Colour => {
    const wave = Math.sin((kind % 2 === 0 ? x : y) / (2 + (number % 4)) + number) > 0 ? 30 : 0;
    const noise = (x * 31 + y * 17 + number * 71) % 60;
    return [80 + 18 * kind + moved(17) + noise, 110 + wave + moved(23), 160 - 18 * kind + moved(29) + (noise >> 1)];
  });
}

/** Names that mean something in CSV, LaTeX, HTML, Markdown or TSV. */
export const KINDS = ['plain', '=1+1', '50% & more_$', '<b>bold|'] as const;

export interface WrittenKinds {
  /** Below test/query and test/gallery; their names say nothing of their class. */
  readonly query: readonly string[];
  readonly gallery: readonly string[];
}

/** A data set whose labels of query and gallery are in a CSV; of the queries, the last `unlabelled` have none. */
export async function writeKinds(folder: string, unlabelled: number): Promise<WrittenKinds> {
  const made: Record<'query' | 'gallery', string[]> = { query: [], gallery: [] };
  const lines = ['split,file,class'];
  let number = 0;
  const write = async (path: string, kind: number) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), picture(kind, number++));
  };
  const counts = { query: 4, gallery: 6 } as const;
  for (const [kind, name] of KINDS.entries()) {
    for (let i = 0; i < 10; i++) await write(`training/${name.replaceAll('/', '-')}/${i}.png`, kind);
    for (const split of ['query', 'gallery'] as const) {
      for (let i = 0; i < counts[split]; i++) {
        const file = `${split === 'query' ? 'q' : 'g'}${kind}-${i}.png`;
        await write(`test/${split}/${file}`, kind);
        made[split].push(file);
        const last = split === 'query' && kind === KINDS.length - 1 && i >= counts.query - unlabelled;
        if (!last) lines.push(`${split},${file},"${name}"`);
      }
    }
  }
  await writeFile(join(folder, 'ground_truth.csv'), lines.join('\n'));
  return made;
}
