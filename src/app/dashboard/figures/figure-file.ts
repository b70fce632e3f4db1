import { AppError } from '../../../errors.ts';
import { csvRow } from '../../../exports/csv.ts';
import type { Figure } from '../../../figures/figure.ts';
import { standaloneSvg } from '../../../figures/standalone.ts';
import { chosenNumbers } from '../../settings/number-language.ts';

export type FigureFormat = 'svg' | 'png' | 'csv';

/** In CSS pixels: the width of a text column on paper at 96 dpi, so that 12-pixel text is readable there. */
const FILE_WIDTH = 720;
/** Pixels a CSS pixel: 288 dpi on that column. */
const SCALE = 3;

/** The figure as a file: drawing or picture in the language of the settings, or the table. */
export async function figureFile(figure: Figure, format: FigureFormat): Promise<Blob> {
  if (format === 'csv') {
    const { columns, rows } = figure.table;
    const lines = [columns.map(({ title }) => title), ...rows];
    return new Blob([lines.map(csvRow).join('')], { type: 'text/csv' });
  }
  const svg = new Blob([standaloneSvg(figure, FILE_WIDTH, chosenNumbers)], { type: 'image/svg+xml' });
  return format === 'svg' ? svg : pictureOf(svg);
}

async function pictureOf(svg: Blob): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth * SCALE, image.naturalHeight * SCALE);
    const context = canvas.getContext('2d');
    if (!context)
      throw new AppError('internal', 'This browser cannot draw the picture. Save the figure as SVG instead.');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    URL.revokeObjectURL(url);
  }
}
