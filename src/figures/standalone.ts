import { AppError } from '../errors.ts';
import type { Numbers } from '../metrics/format.ts';
import { printable } from '../names.ts';
import { type Figure, filePaper, type LegendEntry } from './figure.ts';
import { heightOf, place, svgElement, TEXT_SIZE } from './on-paper.ts';

const FONT = 'Helvetica, Arial, sans-serif';
const TITLE_SIZE = 15;
const MARGIN = 16;
const LINE = 18;
/** From the start of a legend's line to its words. */
const KEY = 30;
const BETWEEN_KEYS = 16;

/**
 * The figure as the text of an SVG document of that width in CSS pixels: title, legend and drawing on white, black on
 * white in every theme, with nothing taken from outside. Needs a document. Throws AppError 'bad-argument' where the
 * figure's drawing holds no SVG.
 */
export function standaloneSvg(figure: Figure, width: number, numbers: Numbers): string {
  const paper = filePaper(width - 2 * MARGIN, numbers);
  const whole = svgElement('svg', { width, 'font-family': FONT, 'font-size': TEXT_SIZE, fill: paper.ink });
  whole.append(named('title', figure.title), named('desc', figure.summary(numbers)));
  const page = svgElement('rect', { width, fill: paper.surface });
  whole.append(page);
  let y = MARGIN;
  for (const line of lines(figure.title, paper.width, `bold ${TITLE_SIZE}px ${FONT}`)) {
    y += LINE;
    whole.append(words(line, MARGIN, y - 4, { 'font-weight': 'bold', 'font-size': TITLE_SIZE }));
  }
  y = addLegend(whole, figure.legend, paper.width, y + 6) + 6;
  for (const drawing of drawingsOf(figure.draw(paper))) {
    place(drawing, MARGIN, y);
    whole.append(drawing);
    y += heightOf(drawing) + 8;
  }
  const height = Math.ceil(y + MARGIN - 8);
  page.setAttribute('height', String(height));
  whole.setAttribute('height', String(height));
  whole.setAttribute('viewBox', `0 0 ${width} ${height}`);
  makePrintable(whole);
  return new XMLSerializer().serializeToString(whole);
}

/** Names of classes and files may hold what no XML document may: a serialiser writes it, and no reader takes it back. */
function makePrintable(whole: SVGSVGElement): void {
  const texts = document.createTreeWalker(whole, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) node.nodeValue = printable(node.nodeValue ?? '');
  for (const element of [whole, ...whole.querySelectorAll('*')]) {
    for (const attribute of element.attributes) {
      const text = printable(attribute.value);
      if (text !== attribute.value) attribute.value = text;
    }
  }
}

/** The drawings in what a figure draws, one below the other in the file. */
function drawingsOf(drawn: Element): SVGSVGElement[] {
  if (drawn instanceof SVGSVGElement) return [drawn];
  const outer = [...drawn.querySelectorAll('svg')].filter((svg) => svg.parentElement?.closest('svg') === null);
  if (outer.length === 0) throw new AppError('bad-argument', 'This figure cannot be written as SVG.');
  return outer;
}

/** Draws the entries from left to right in as many lines as they take; where the legend ends. */
function addLegend(whole: SVGSVGElement, legend: readonly LegendEntry[], width: number, top: number): number {
  let x = 0;
  let y = top;
  for (const { label, colour, dash } of legend) {
    const [first = '', ...rest] = lines(label, width - KEY, `${TEXT_SIZE}px ${FONT}`);
    const space = KEY + textWidth(first, `${TEXT_SIZE}px ${FONT}`);
    if (x > 0 && x + space > width) {
      x = 0;
      y += LINE;
    }
    const key = { x1: MARGIN + x, x2: MARGIN + x + 22, y1: y + 9, y2: y + 9, stroke: colour, 'stroke-width': 2 };
    whole.append(svgElement('line', dash === null ? key : { ...key, 'stroke-dasharray': dash }));
    whole.append(words(first, MARGIN + x + KEY, y + 13));
    for (const line of rest) {
      y += LINE;
      whole.append(words(line, MARGIN + KEY, y + 13));
    }
    x = rest.length > 0 ? width : x + space + BETWEEN_KEYS;
  }
  return legend.length === 0 ? top : y + LINE;
}

function words(text: string, x: number, y: number, attributes: Readonly<Record<string, string | number>> = {}) {
  const element = svgElement('text', { x, y, ...attributes });
  element.textContent = text;
  return element;
}

function named(name: 'title' | 'desc', text: string): SVGElement {
  const element = svgElement(name);
  element.textContent = text;
  return element;
}

/** Broken between words so that each line fits; a word that is longer stays whole. */
function lines(text: string, width: number, font: string): string[] {
  const broken: string[] = [];
  for (const word of text.split(' ')) {
    const last = broken.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, font) <= width) {
      broken[broken.length - 1] = `${last} ${word}`;
    } else broken.push(word);
  }
  return broken;
}

const canvas = new OffscreenCanvas(1, 1).getContext('2d');

function textWidth(text: string, font: string): number {
  if (!canvas) return text.length * TEXT_SIZE * 0.55;
  canvas.font = font;
  return canvas.measureText(text).width;
}
