import { useMemo, useState } from 'react';
import type { ReadImage } from '../../../app/dashboard/embedding-map.ts';
import type { Split } from '../../../types.ts';
import { firstSlots, MOST_COLOURED, mapClasses, type Slots, toggled } from './class-colours.ts';
import type { Scene } from './paint.ts';
import { SHAPED_SPLITS } from './stamps.ts';

/** Each is placed again in every frame, and long before as many the map is full of names. */
const MOST_NAMED = 200;

/**
 * What of the points is shown, coloured, chosen and made to stand out. `groups`: of each image its class or its cluster;
 * `clusters`: the number of its cluster by path, null where classes are shown.
 */
export function useScene(
  images: readonly ReadImage[],
  groups: readonly (string | null)[],
  clusters: ReadonlyMap<string, number> | null,
) {
  const classes = useMemo(
    () => mapClasses(groups, clusters && images.map(({ path }) => clusters.get(path) ?? Number.POSITIVE_INFINITY)),
    [groups, clusters, images],
  );
  /** Null: the most frequent classes, until a user chooses. */
  const [chosenSlots, setSlots] = useState<Slots | null>(null);
  const slots = useMemo(() => {
    // Names that are gone leave their colours to others.
    const known = new Set(classes.map(({ className }) => className));
    return chosenSlots?.every((name) => name === null || known.has(name)) ? chosenSlots : firstSlots(classes);
  }, [chosenSlots, classes]);
  /** Those with a colour first: where two names would cover each other, theirs stands. */
  const named = useMemo(() => {
    const coloured = slots.filter((name) => name !== null);
    const others = classes.flatMap(({ className }) => className ?? []).filter((name) => !coloured.includes(name));
    return [...coloured, ...others].slice(0, MOST_NAMED);
  }, [classes, slots]);
  const [hidden, setHidden] = useState<readonly Split[]>([]);
  /** By path: the same images stay chosen on the map of another run. */
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [emphasised, setEmphasised] = useState<string | null | undefined>(undefined);

  const shapes = useMemo(() => Uint8Array.from(images, ({ split }) => SHAPED_SPLITS.indexOf(split)), [images]);
  const colours = useMemo(() => {
    const slotOf = new Map(slots.flatMap((name, slot) => (name === null ? [] : [[name, slot] as const])));
    return Uint8Array.from(groups, (name) => slotOf.get(name ?? '') ?? MOST_COLOURED);
  }, [groups, slots]);
  const shown = useMemo(() => {
    const points = [...images.keys()].filter((i) => !hidden.includes(images[i]?.split ?? 'training'));
    const grey = points.filter((i) => colours[i] === MOST_COLOURED);
    // Those without a colour below the others.
    return Uint32Array.from([...grey, ...points.filter((i) => colours[i] !== MOST_COLOURED)]);
  }, [images, hidden, colours]);
  const chosen = useMemo(
    () => new Set([...images.keys()].filter((i) => selected.has(images[i]?.path ?? ''))),
    [images, selected],
  );
  const standing = useMemo(
    () =>
      emphasised === undefined ? null : new Set([...groups.keys()].filter((i) => (groups[i] ?? null) === emphasised)),
    [groups, emphasised],
  );

  const scene: Omit<Scene, 'positions' | 'described'> = useMemo(
    () => ({ shapes, colours, shown, selected: chosen, emphasised: standing }),
    [shapes, colours, shown, chosen, standing],
  );

  const select = (points: Iterable<number>, add: boolean): void => {
    const paths = [...points].flatMap((i) => images[i]?.path ?? []);
    setSelected((before) => new Set(add ? [...before, ...paths] : paths));
  };
  return {
    scene,
    selectPaths: (paths: readonly string[]) => setSelected(new Set(paths)),
    classes,
    slots,
    named,
    hidden,
    selectedImages: useMemo(() => images.filter(({ path }) => selected.has(path)), [images, selected]),
    select,
    selectClass: (className: string | null) =>
      select(
        [...shown].filter((i) => (groups[i] ?? null) === className),
        false,
      ),
    toggleClass: (className: string) => setSlots(toggled(slots, className)),
    toggleSplit: (split: Split) =>
      setHidden(hidden.includes(split) ? hidden.filter((other) => other !== split) : [...hidden, split]),
    emphasise: setEmphasised,
  };
}
