import * as v from 'valibot';
import { median } from '../../src/math/statistics.ts';
import type { Measurement } from './measurement.ts';
import { openBenchPage } from './page.ts';

const IMAGES = 32;
const STAGED_IMAGES = 8;
const USUAL_MODELS = ['efficientnet_b0', 'resnet50'];

/** JPEG files to stored features on WASM, and where the time goes. */
export const endToEnd: Measurement = {
  name: 'end-to-end',
  about: 'JPEG files to stored features on WASM, beside the forward pass alone, and the time of every stage',
  async run({ models, rounds }, tell) {
    const page = await openBenchPage('end-to-end');
    const number = async (call: string) => v.parse(v.number(), await page.call(call));
    try {
      const results: unknown[] = [];
      for (const model of models ?? USUAL_MODELS) {
        const bytes = v.parse(v.number(), await page.call('prepare', model, IMAGES));
        const whole: number[] = [];
        const forwardOnly: number[] = [];
        for (let round = 0; round <= rounds; round++) {
          const times = [await number('whole'), await number('forwardOnly')] as const;
          // The first round compiles and warms caches.
          if (round === 0) continue;
          whole.push(times[0] / IMAGES);
          forwardOnly.push(times[1] / IMAGES);
        }
        const stages = v.parse(v.record(v.string(), v.number()), await page.call('stages', STAGED_IMAGES));
        const [all, forward] = [median(whole), median(forwardOnly)];
        const sum = Object.values(stages).reduce((total, ms) => total + ms, 0);
        const shares = Object.entries(stages).map(
          ([stage, ms]) => `${stage} ${ms.toFixed(1)} ms (${((100 * ms) / sum).toFixed(0)} %)`,
        );
        tell(
          `${model}: ${(1000 / all).toFixed(2)} images/s from JPEG files (${(bytes / 1000).toFixed(0)} kB each), ` +
            `${(1000 / forward).toFixed(2)} images/s of the forward pass alone (${(forward / all).toFixed(2)} of the time)`,
        );
        tell(`${model}, one image in one thread: ${shares.join(', ')}`);
        results.push({ model, images: IMAGES, bytes, whole, forwardOnly, stages });
      }
      return { browser: page.browser, millisecondsAnImage: results };
    } finally {
      await page.close();
    }
  },
};
