import { type PlotOptions, plot } from '@observablehq/plot';
import { AppError } from '../errors.ts';
import type { Paper } from './figure.ts';

/** Size of all text in a drawing, in CSS pixels. */
export const TEXT_SIZE = 12;

/**
 * Draws by Observable Plot in the colours of the paper. Plot's style element, classes and style attributes are left out:
 * a drawing is shown on a page, inside another drawing and in a file alike, and takes its font from where it stands.
 */
export function plotOn(paper: Paper, options: PlotOptions): SVGSVGElement {
  const drawn = plot({ width: paper.width, ...options, figure: false });
  if (!(drawn instanceof SVGSVGElement)) throw new AppError('bad-argument', 'A drawing has no legend of its own.');
  for (const style of drawn.querySelectorAll('style')) style.remove();
  for (const name of ['class', 'style', 'font-family']) drawn.removeAttribute(name);
  drawn.setAttribute('font-size', String(TEXT_SIZE));
  drawn.setAttribute('color', paper.quiet);
  return drawn;
}

/** A box for values under the pointer, in the colours of the paper. */
export const tipOn = (paper: Paper) =>
  ({ fill: paper.surface, stroke: paper.hairline, color: paper.ink, lineHeight: 1.3 }) as const;

export interface Part {
  /** Written above the part. */
  readonly title: string;
  readonly draw: (paper: Paper) => SVGSVGElement;
}

const GAP = 24;
const TITLE_HEIGHT = 20;

/** Parts in columns at least `least` pixels wide, as many beside each other as fit, in one drawing. */
export function inColumns(paper: Paper, parts: readonly Part[], least: number): SVGSVGElement {
  const fitting = Math.max(1, Math.floor((paper.width + GAP) / (least + GAP)));
  const columns = Math.min(fitting, parts.length);
  const width = (paper.width - GAP * (columns - 1)) / columns;
  const whole = svgElement('svg');
  let top = 0;
  for (let first = 0; first < parts.length; first += columns) {
    let height = 0;
    parts.slice(first, first + columns).forEach(({ title, draw }, column) => {
      const left = column * (width + GAP);
      const heading = svgElement('text', { x: left, y: top + TEXT_SIZE, fill: paper.ink });
      heading.textContent = title;
      const drawn = draw({ ...paper, width });
      place(drawn, left, top + TITLE_HEIGHT);
      whole.append(heading, drawn);
      height = Math.max(height, TITLE_HEIGHT + heightOf(drawn));
    });
    top += height + GAP / 2;
  }
  const height = Math.max(0, top - GAP / 2);
  for (const [name, value] of Object.entries({ width: paper.width, height })) whole.setAttribute(name, String(value));
  whole.setAttribute('viewBox', `0 0 ${paper.width} ${height}`);
  whole.setAttribute('font-size', String(TEXT_SIZE));
  return whole;
}

/** Moves a drawing inside another; what reaches over its edge stays in sight. */
export function place(drawn: SVGSVGElement, x: number, y: number): void {
  drawn.setAttribute('x', String(x));
  drawn.setAttribute('y', String(y));
  drawn.setAttribute('overflow', 'visible');
}

export const heightOf = (drawn: SVGSVGElement): number => Number(drawn.getAttribute('height'));

export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>> = {},
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
  return element;
}
