import { AppError } from '../../errors.ts';

/** One drawing: what stands inside an <svg> element, and that element's view box, `[0, 0, width, height]`. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

/** Hand → kind → drawing. */
export type Drawings = Readonly<Record<string, Readonly<Record<string, Drawing>>>>;

/** The drawings that were taken from the sets when the app was built (scripts/demo). Throws AppError 'download-failed'. */
export async function loadDrawings(): Promise<Drawings> {
  try {
    return (await import('virtual:demo-drawings')).drawings;
  } catch (cause) {
    const sentence =
      'The demo’s drawings could not be loaded from this app’s server. Nothing was changed; try again when it can be reached.';
    throw new AppError('download-failed', sentence, { cause });
  }
}
