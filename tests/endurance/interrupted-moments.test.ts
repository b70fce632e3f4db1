import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/math/random.ts';
import { temporaryFolder } from '../e2e/browser-session.ts';
import { disturbed, type Moment, undisturbed } from '../e2e/interruption.ts';
import { ENDS, STEPS, Visit } from '../e2e/journey.ts';
import { writePictures } from '../e2e/pictures.ts';
import { serveSlowWeights, writeTinyWeights } from '../e2e/slow-weights.ts';

const MOMENTS = 20;
const seed = Number(process.env['LIKENESS_SEED'] ?? Date.now() % 1_000_000);

// Every step and every end in turn, at a random part of the time that the step takes undisturbed (and a little more, so
// that the index, which is built after embedding, is hit too).
test(`interrupted at ${MOMENTS} random moments, all work ends as if undisturbed (LIKENESS_SEED=${seed})`, async () => {
  console.log(`LIKENESS_SEED=${seed}`);
  const random = seededRandom(seed);
  const folder = await temporaryFolder();
  const pictures = join(folder, 'kinds');
  await writePictures(pictures, { kinds: 3, training: 20, query: 4, gallery: 10, mixed: true });
  await writeTinyWeights(join(folder, 'models'));
  const { url } = await serveSlowWeights(join(folder, 'models'), 100);
  const calm = await undisturbed(await Visit.begin(join(folder, 'calm'), url), pictures);
  let goneOnWith = 0;
  for (let i = 0; i < MOMENTS; i++) {
    const step = STEPS[i % STEPS.length] ?? 'read';
    const end = ENDS[Math.floor(i / STEPS.length) % ENDS.length] ?? 'crash';
    const afterMs = random.uniform() * 1.1 * calm[step].ms;
    const moment: Moment = { step, end, reached: (page) => page.waitForTimeout(afterMs) };
    const visit = await Visit.begin(join(folder, `moment ${i}`), url);
    const told = await disturbed(visit, pictures, moment, calm);
    if (told !== null) goneOnWith++;
    console.log(`${end} after ${Math.round(afterMs)} ms of ${step}: ${told ?? 'nothing was under way'}`);
    await visit.leave();
  }
  // Moments before the first write and after the last have nothing to go on with; most are in between.
  expect(goneOnWith).toBeGreaterThan(MOMENTS / 4);
}, 3_600_000);
