import { apart, pointSize, type Scene, standing } from './paint.ts';
import { type Inks, REACH } from './stamps.ts';
import type { Size, View } from './view.ts';

/** A card's WebGL2 draws as many points as there are in one call; only what has changed is sent to it. */
export interface PointPainter {
  /** Draws the scene on the whole canvas, `density` pixels to a CSS pixel. */
  paint(scene: Scene, view: View, size: Size, density: number, inks: Inks): void;
  /** False once the card has been lost: points are then painted by hand. */
  alive(): boolean;
  close(): void;
}

const VERTEX = `#version 300 es
in vec2 place;
in vec3 look;
uniform vec2 middle;
uniform vec2 scale;
uniform float side;
uniform float rest;
uniform vec4 inks[11];
flat out vec4 ink;
flat out float shape;
void main() {
  gl_Position = vec4((place - middle) * scale, 0.0, 1.0);
  gl_PointSize = side;
  ink = inks[int(look.y)];
  ink.a *= look.z > 0.5 ? 1.0 : rest;
  shape = look.x;
}`;

// Distances in CSS pixels at size 1, y down: a dot, a square, a triangle, as traceShape draws them, with a hairline about each.
const FRAGMENT = `#version 300 es
precision mediump float;
flat in vec4 ink;
flat in float shape;
uniform float unit;
uniform vec3 surface;
out vec4 pixel;
void main() {
  vec2 at = (gl_PointCoord - 0.5) * ${2 * REACH}.0;
  float away = shape < 0.5 ? length(at) - 3.0
    : shape < 1.5 ? max(abs(at.x), abs(at.y)) - 2.9
    : max(at.y - 3.2, abs(at.x) * 0.871 - at.y * 0.491 - 2.26);
  float covered = clamp(0.5 - away * unit, 0.0, 1.0);
  if (covered == 0.0) discard;
  float edge = clamp(0.5 - (away + 0.5) * unit, 0.0, 1.0);
  pixel = vec4(mix(surface, ink.rgb, edge), covered * ink.a);
}`;

/** How programs that draw in place of a card call themselves: Chromium's, Mesa's, Windows'. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|basic render|software/i;

/** Whether a graphics card draws WebGL2 here. Asked of a canvas of its own: one that has had a context can have no other. */
function hasCard(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (gl === null) return false;
  // Firefox names it here, and complains of the extension, without which Chromium names nothing.
  const named = String(gl.getParameter(gl.RENDERER));
  if (!named.startsWith('WebKit')) return !SOFTWARE.test(named);
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return info !== null && !SOFTWARE.test(String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)));
}

/**
 * Null where no graphics card draws: there the page paints by hand (paint.ts), since Chromium reads each frame back and warns
 * of it. `software` takes it nevertheless, to measure and test it.
 */
export function pointPainter(canvas: HTMLCanvasElement, software = false): PointPainter | null {
  if (!software && !hasCard()) return null;
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false });
  const program = gl && linked(gl);
  if (!gl || !program) return null;
  const uniform = (name: string) => gl.getUniformLocation(program, name);
  const at = {
    middle: uniform('middle'),
    scale: uniform('scale'),
    side: uniform('side'),
    rest: uniform('rest'),
    inks: uniform('inks'),
    unit: uniform('unit'),
    surface: uniform('surface'),
  };
  const places = attribute(gl, program, 'place', 2, gl.FLOAT);
  const looks = attribute(gl, program, 'look', 3, gl.UNSIGNED_BYTE);
  const order = gl.createBuffer();
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, order);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
  /** What the card has. */
  const sent: { scene: Scene | null; inks: Inks | null } = { scene: null, inks: null };
  const sameLook = (scene: Scene) =>
    (['shapes', 'colours', 'shown', 'selected', 'emphasised'] as const).every(
      (part) => sent.scene?.[part] === scene[part],
    );

  return {
    alive: () => !gl.isContextLost(),
    paint(scene, view, size, density, inks) {
      // A layout on its way is written into the same array again and again.
      gl.bindBuffer(gl.ARRAY_BUFFER, places);
      gl.bufferData(gl.ARRAY_BUFFER, scene.positions, gl.DYNAMIC_DRAW);
      const out = standing(scene);
      if (!sameLook(scene)) {
        const stands = (point: number) => out === null || out.points.has(point);
        gl.bindBuffer(gl.ARRAY_BUFFER, looks);
        gl.bufferData(gl.ARRAY_BUFFER, looksOf(scene, stands), gl.STATIC_DRAW);
        // What stands out lies over the rest.
        const all = scene.shown.slice();
        if (out !== null) {
          const { under, over } = apart(scene.shown, out.points);
          all.set(under);
          all.set(over, under.length);
        }
        gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, all, gl.STATIC_DRAW);
        sent.scene = scene;
      }
      if (sent.inks !== inks) {
        const colours = inks.colours.map(parsed);
        // The last is quiet, as among the stamps.
        gl.uniform4fv(
          at.inks,
          colours.flatMap((rgb, i) => [...rgb, i === colours.length - 1 ? 0.55 : 1]),
        );
        const [r, g, b] = parsed(inks.surface);
        gl.uniform3f(at.surface, r, g, b);
        gl.clearColor(r, g, b, 1);
        sent.inks = inks;
      }
      const scale = pointSize(scene.shown.length);
      gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
      gl.uniform2f(at.middle, view.x, view.y);
      gl.uniform2f(at.scale, (2 * view.scale) / size.width, (2 * view.scale) / size.height);
      gl.uniform1f(at.side, 2 * REACH * density * scale);
      gl.uniform1f(at.unit, density * scale);
      gl.uniform1f(at.rest, out?.rest ?? 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      if (scene.positions.length > 0) gl.drawElements(gl.POINTS, scene.shown.length, gl.UNSIGNED_INT, 0);
    },
    close() {
      gl.deleteProgram(program);
      for (const buffer of [places, looks, order]) gl.deleteBuffer(buffer);
    },
  };
}

/** Shape, colour and whether it stands out, three bytes a point and one to fill up. */
function looksOf({ shapes, colours }: Scene, stands: (point: number) => boolean): Uint8Array<ArrayBuffer> {
  const looks = new Uint8Array(4 * shapes.length);
  for (let point = 0; point < shapes.length; point++) {
    looks[4 * point] = shapes[point] as number;
    looks[4 * point + 1] = colours[point] as number;
    looks[4 * point + 2] = stands(point) ? 1 : 0;
  }
  return looks;
}

/** A buffer of whole words a point: floats, or bytes padded to four. */
function attribute(gl: WebGL2RenderingContext, program: WebGLProgram, name: string, size: number, type: number) {
  const buffer = gl.createBuffer();
  const location = gl.getAttribLocation(program, name);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.enableVertexAttribArray(location);
  gl.vertexAttribPointer(location, size, type, false, type === gl.FLOAT ? 4 * size : 4, 0);
  return buffer;
}

function linked(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader !== null) {
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
  }
  gl.linkProgram(program);
  const works = gl.getProgramParameter(program, gl.LINK_STATUS) === true;
  // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's, no hook of React's.
  gl.useProgram(works ? program : null);
  return works ? program : null;
}

/** Red, green and blue from 0 to 1 of any CSS colour. */
function parsed(colour: string): [number, number, number] {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (context === null) return [0, 0, 0];
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
  return [r / 255, g / 255, b / 255];
}
