/** The map of many images: how long its layout takes, and how many frames a second its points are drawn at. */
import { clusters, gradedClusters } from '../../scripts/bench/clusters.ts';
import { trustworthiness } from '../../scripts/bench/trustworthiness.ts';
import { drawMap } from '../../src/core/embedding-map.ts';
import { seededRandom } from '../../src/math/random.ts';
import { inksOf } from '../../src/ui/dashboard/map/class-colours.ts';
import { paint, pointSize, type Scene } from '../../src/ui/dashboard/map/paint.ts';
import { pointPainter } from '../../src/ui/dashboard/map/points-gl.ts';
import { makeStamps } from '../../src/ui/dashboard/map/stamps.ts';
import { fitted } from '../../src/ui/dashboard/map/view.ts';
import { paintSimply } from '../simple-stamping.ts';

const SIZE = { width: 1100, height: 600 };
const FRAMES = 60;
/** Points whose neighbours on the map are looked at. */
const ASKED = 300;

function sceneOf(points: number): Scene {
  const random = seededRandom(0);
  return {
    positions: Float32Array.from({ length: points * 2 }, () => random.gaussian() / 3),
    shapes: Uint8Array.from({ length: points }, () => random.below(3)),
    colours: Uint8Array.from({ length: points }, () => random.below(11)),
    shown: Uint32Array.from({ length: points }, (_, i) => i),
    selected: new Set(),
    emphasised: null,
    described: null,
  };
}

let trustOfLast = () => Number.NaN;

const bench = {
  /** Seconds from the embeddings to the end of each stage, in the app's own worker. */
  async layout(points: number, dimensions: number, kind: 'even' | 'graded') {
    const rows = kind === 'even' ? clusters(points, dimensions, { classes: 100 }) : gradedClusters(points, dimensions);
    // The worker takes what it is given.
    const kept = rows.slice();
    const start = performance.now();
    const ends: Record<string, number> = {};
    const { coordinates } = await drawMap(rows, dimensions, 0, new AbortController().signal, ({ stage }) => {
      ends[stage] = (performance.now() - start) / 1000;
    });
    const all = (performance.now() - start) / 1000;
    trustOfLast = () => trustworthiness(kept, dimensions, coordinates, { asked: ASKED });
    return { ...ends, all };
  },

  /** Of the map that was laid out last. */
  trust: () => trustOfLast(),

  /**
   * Frames a second while the map is moved, by hand, by the plainest loop and by WebGL, and the milliseconds of the quickest frame,
   * which other programs disturb least; null where there is no WebGL2.
   */
  frames(points: number, way: 'stamps' | 'plain' | 'webgl', density: number) {
    const canvas = document.createElement('canvas');
    canvas.width = SIZE.width * density;
    canvas.height = SIZE.height * density;
    document.body.append(canvas);
    const scene = sceneOf(points);
    const view = fitted(scene.positions, SIZE);
    const inks = inksOf('#111', '#777', '#fff');
    const at = (frame: number) => ({ ...view, x: view.x + frame / 500 });
    const drawing = way === 'webgl' ? byCard(canvas, scene, at) : byHand(canvas, scene, at);
    if (drawing === null) return null;
    drawing(0);
    const start = performance.now();
    let quickest = Number.POSITIVE_INFINITY;
    for (let frame = 1; frame <= FRAMES; frame++) {
      const began = performance.now();
      drawing(frame);
      quickest = Math.min(quickest, performance.now() - began);
    }
    const took = performance.now() - start;
    canvas.remove();
    return { rate: (1000 * FRAMES) / took, quickest };

    function byHand(on: HTMLCanvasElement, whole: Scene, viewAt: typeof at) {
      const context = on.getContext('2d', { willReadFrequently: true });
      if (context === null) return null;
      const stamps = makeStamps(inks, density, pointSize(points));
      const image = context.createImageData(on.width, on.height);
      return (frame: number) => {
        if (way === 'plain') paintSimply(context, image, whole, viewAt(frame), SIZE, stamps, inks);
        else paint(context, whole, viewAt(frame), SIZE, stamps, inks);
        // Makes the browser carry out what it was told.
        context.getImageData(0, 0, 1, 1);
      };
    }

    function byCard(on: HTMLCanvasElement, whole: Scene, viewAt: typeof at) {
      const painter = pointPainter(on, true);
      const gl = on.getContext('webgl2');
      if (painter === null || gl === null) return null;
      const pixel = new Uint8Array(4);
      return (frame: number) => {
        painter.paint(whole, viewAt(frame), SIZE, density, inks);
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      };
    }
  },

  /** What draws WebGL here. */
  renderer() {
    const gl = document.createElement('canvas').getContext('webgl2');
    const info = gl?.getExtension('WEBGL_debug_renderer_info');
    return gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : 'none';
  },
};

Object.assign(window, { bench });
