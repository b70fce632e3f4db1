import { beat } from './beat.ts';
import { openControl } from './control.ts';
import { drawMap } from './draw-map.ts';
import type { MapReport, MapWorker } from './map-protocol.ts';
import { move, serve } from './serve.ts';

/** The eye follows a layout at this pace, and sending costs time. */
const REPORT_EVERY_MS = 250;

const api: MapWorker = {
  // Never lets messages in: no other call waits, and who cancels closes the worker.
  async draw(embeddings, dimensions, seed, control) {
    const { report, close } = openControl<MapReport>(control);
    try {
      const steps = drawMap(embeddings, dimensions, seed);
      let reported = Number.NEGATIVE_INFINITY;
      let known: MapReport['stage'] | null = null;
      for (;;) {
        const step = steps.next();
        beat();
        if (step.done) return move(step.value, step.value.coordinates.buffer);
        const now = performance.now();
        const { stage, layout } = step.value;
        const news = stage !== known || layout?.method === 'pca';
        if (!news && now - reported < REPORT_EVERY_MS) continue;
        reported = now;
        known = stage;
        // A copy without accessors, which would not travel.
        const sent = layout && { ...layout };
        report({ ...step.value, layout: sent }, sent ? [sent.coordinates.buffer] : []);
      }
    } finally {
      close();
    }
  },
};

serve(api);
