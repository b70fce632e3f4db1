import type { Numbers } from '../metrics/format.ts';

/** A figure as every place shows it: on a screen, in the report, as a file; and the same numbers as a table. */
export interface Figure {
  /** File name without ending, as `topk-accuracy`. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences that say what it shows, for those who do not see it. */
  readonly summary: (numbers: Numbers) => string;
  readonly legend: readonly LegendEntry[];
  readonly table: FigureTable;
  /** Draws it without title and legend. The caller owns the element. */
  readonly draw: (paper: Paper) => SVGElement | HTMLElement;
}

export interface LegendEntry {
  readonly label: string;
  /** A CSS colour. */
  readonly colour: string;
  /** SVG dash pattern, so that lines differ without their colours; null for a solid line. */
  readonly dash: string | null;
}

export interface FigureTable {
  /** With units, as `Top-10 accuracy (%)`. */
  readonly columns: readonly FigureColumn[];
  /** Null where there is no number. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface FigureColumn {
  readonly title: string;
  readonly numeric: boolean;
  /** Digits after the point on a screen; files hold the whole number. Three at most unless told. */
  readonly digits?: number;
}

/** What a figure is drawn on. */
export interface Paper {
  /** In CSS pixels. */
  readonly width: number;
  /** CSS colours: on a screen variables of the theme, in files fixed ones. */
  readonly ink: string;
  readonly quiet: string;
  readonly hairline: string;
  readonly surface: string;
  /** With a pointer that shows values. */
  readonly interactive: boolean;
  /** In the language of what stands around the figure. */
  readonly numbers: Numbers;
}

/** The theme's own colours (ui/tokens.css). */
export const screenPaper = (width: number, numbers: Numbers): Paper => ({
  width,
  numbers,
  ink: 'var(--ink)',
  quiet: 'var(--ink-quiet)',
  hairline: 'var(--hairline)',
  surface: 'var(--surface)',
  interactive: true,
});

/** Black on white, for files and print. */
export const filePaper = (width: number, numbers: Numbers): Paper => ({
  width,
  numbers,
  ink: '#1b1b1f',
  quiet: '#55565e',
  hairline: '#d9d9de',
  surface: '#ffffff',
  interactive: false,
});

/** Per cent as a table holds it: a share of counts has no more than a few digits of meaning. */
export const percent = (value: number): number => Math.round(value * 1e6) / 1e4;
