/** `#/dashboard?tab=classes&k=5&class=lime&confused=b&confusions=wrong&asked=lime&met=lemon`: beside the parameters of other parts of the dashboard. */
import type { ConfusionCell, ConfusionView } from '../../../app/dashboard/figures/classes.ts';
import { currentParameters, navigate } from '../../location.ts';

export const classKs = [1, 5, 10] as const;
export type ClassK = (typeof classKs)[number];

export interface ClassesAddress {
  readonly k: ClassK;
  /** The class whose queries are shown; null for the first of the table. */
  readonly className: string | null;
  /** The run whose confusions are shown. */
  readonly confused: 'a' | 'b';
  readonly view: ConfusionView;
  /** The cell of the matrix whose queries are shown. */
  readonly cell: ConfusionCell | null;
}

export function parseClassesAddress(parameters: string): ClassesAddress {
  const read = new URLSearchParams(parameters);
  const [query, neighbour] = [read.get('asked'), read.get('met')];
  return {
    k: classKs.find((k) => String(k) === read.get('k')) ?? 1,
    className: read.get('class'),
    confused: read.get('confused') === 'b' ? 'b' : 'a',
    view: read.get('confusions') === 'wrong' ? 'wrong' : 'first',
    cell: query === null || neighbour === null ? null : { query, neighbour },
  };
}

/** Changes the address in place; what is as usual is left out, the rest stays. */
export function setClasses(change: Partial<ClassesAddress>): void {
  const parameters = new URLSearchParams(currentParameters());
  const put = (name: string, value: string | null): void => {
    if (value === null) parameters.delete(name);
    else parameters.set(name, value);
  };
  if (change.k !== undefined) put('k', change.k === 1 ? null : String(change.k));
  if (change.className !== undefined) put('class', change.className);
  if (change.confused !== undefined) put('confused', change.confused === 'a' ? null : change.confused);
  if (change.view !== undefined) put('confusions', change.view === 'first' ? null : change.view);
  if (change.cell !== undefined) {
    put('asked', change.cell?.query ?? null);
    put('met', change.cell?.neighbour ?? null);
  }
  navigate(`/dashboard?${parameters.toString()}`, { replace: true });
}

/** Where the Look tab shows the queries of a class, or one of them open. */
export function lookAddress(className: string, hash: string | null = null): string {
  const parameters = new URLSearchParams({ tab: 'look', class: className, ...(hash === null ? {} : { query: hash }) });
  return `/dashboard?${parameters.toString()}`;
}
