import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { picture } from './pictures.ts';

/** What a name would do if it were taken for anything but text. */
const SPELLS = [
  '"><img src=x onerror=alert(1)>',
  '<script>alert(1)<∕script>',
  '=HYPERLINK("http:∕∕evil.example","x")',
  '\\input{|id} $x_1^2$ 50% & # ~ {',
  '\u202egnp.exe',
  '__proto__',
];

/** Classes, each a folder. */
const HOSTILE_CLASSES = [
  ...(['<img src=x onerror=alert(2)>', '=1+1', '@{{7*7}}|`b`', '__proto__', 'constructor', 'CON'] as const),
  '\u202eשלום.gpj',
  '😀'.repeat(50),
] as const;

/** A data set of small pictures whose folders and files all have such names. */
export async function writeHostileNames(folder: string): Promise<void> {
  const write = async (path: string, kind: number, number: number) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), picture(kind, number));
  };
  for (const [kind, name] of HOSTILE_CLASSES.entries()) {
    for (let i = 0; i < 12; i++) await write(`training/${name}/${i}.png`, kind, i);
    for (const [i, spell] of SPELLS.entries()) {
      await write(`test/gallery/${name}/${spell} ${kind}.png`, kind, 20 + i);
      if (i < 3) await write(`test/query/${name}/${spell} q${kind}.png`, kind, 30 + i);
    }
  }
  // Problems have names, too.
  await writeFile(join(folder, 'test/gallery', HOSTILE_CLASSES[0], `${SPELLS[0]}.txt`), 'no image');
  await writeFile(join(folder, 'test/gallery', HOSTILE_CLASSES[0], `${SPELLS[2]}.png`), 'no image either');
}
