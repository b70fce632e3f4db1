import { onTestFinished } from 'vitest';
import type { RunMember } from '../../../src/core/run.ts';
import { defaultRecipe } from '../../../src/heads/recipe.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { type Database, openDatabase } from '../../../src/storage/database.ts';
import { putFeatures } from '../../../src/storage/features.ts';
import type { ImageRecord, Split } from '../../../src/types.ts';

export const DIMENSIONS = 24;
export const CLASSES = 4;

export const member = (name: string, head: RunMember['head']): RunMember => ({
  weightsId: name,
  architecture: 'colour-gradient',
  featuresKey: name,
  dimensions: DIMENSIONS,
  head,
});

/** Features of two synthetic backbones: classes lie around centres of their own, with plenty of noise. `centreOf`: which one; `backbones`: their
 * dimensions by the keys of their features. */
export async function makeData(
  centreOf: (backbone: string, label: number) => number = (_, label) => label,
  noise: number | ((backbone: string) => number) = 1.5,
  backbones: Readonly<Record<string, number>> = { one: DIMENSIONS, two: DIMENSIONS },
): Promise<{ database: Database; images: ImageRecord[] }> {
  const name = `likeness-test-${crypto.randomUUID()}`;
  const database = openDatabase(name);
  onTestFinished(() => {
    database.close();
    indexedDB.deleteDatabase(name);
  });
  const random = seededRandom(3);
  const images: ImageRecord[] = [];
  for (const [split, each] of [
    ['training', 20],
    ['query', 5],
    ['gallery', 8],
  ] as [Split, number][]) {
    for (let i = 0; i < CLASSES * each; i++) {
      const hash = `${split}-${i}`;
      const className = `class ${i % CLASSES}`;
      images.push({ datasetId: 'd', path: hash, split, file: hash, className, bytes: 1, hash, width: 8, height: 8 });
    }
  }
  for (const [backbone, dimensions] of Object.entries(backbones)) {
    const spread = typeof noise === 'number' ? noise : noise(backbone);
    const centres = Float32Array.from({ length: CLASSES * dimensions }, () => random.gaussian());
    const rows = images.map(({ hash, className }) => {
      const centre = centreOf(backbone, Number(className?.slice(6)));
      return {
        hash: hash ?? '',
        features: Float32Array.from(
          { length: dimensions },
          (_, d) => (centres[centre * dimensions + d] ?? 0) + spread * random.gaussian(),
        ),
      };
    });
    await putFeatures(database, backbone, rows);
  }
  return { database, images };
}

/** Trains in a second. */
export const recipe = { ...defaultRecipe('cosine'), epochs: 30, batch: 16, learningRate: 1e-3 };
