import { type ReactNode, useState } from 'react';
import { countNeighbours, neighbourAt, similarityAt, verdictOn } from '../../../core/look.ts';
import { Enlarged } from '../../components/Enlarged.tsx';
import type { ImageAction } from '../../components/image-actions.tsx';
import { EnlargedImage } from '../../data/EnlargedImage.tsx';
import { type EnlargedDecisions, useEnlargedDecisions } from '../../data/image-decisions.tsx';
import type { LookView } from './use-look.ts';

/** A query, or a neighbour of it. */
export interface LookImage {
  /** Position of the query in the table. */
  readonly query: number;
  /** 0: by run A, 1: by run B. */
  readonly side: number;
  /** Position among the neighbours, from 0; null is the query itself. */
  readonly at: number | null;
}

export interface LookImages {
  readonly actionsOn: (image: LookImage) => readonly ImageAction[];
  readonly enlarge: (image: LookImage | null) => void;
  readonly isOpen: boolean;
  /** The image that is shown large: to be rendered once. */
  readonly enlarged: ReactNode;
}

/** Queries and neighbours of the chosen runs: what can be done with each, large or not. `k`: neighbours shown by a run. */
export function useLookImages(view: LookView, k: number): LookImages {
  const { table, sides } = view;
  const decisions = useEnlargedDecisions();
  const [shown, setShown] = useState<LookImage | null>(null);
  const enlarge = (image: LookImage | null): void => {
    if (image === null) decisions.close();
    setShown(image);
  };
  const actionsOn = (image: LookImage): readonly ImageAction[] => {
    const { query, side: of, at } = image;
    const side = sides[of];
    if (side === undefined) return [];
    const record = at === null ? table.queries[query] : table.gallery[neighbourAt(side.column, query, at)];
    if (record === undefined) return [];
    const ways = { runId: side.run.id, enlarge: () => enlarge(image), onMoved: () => enlarge(null) };
    return decisions.actionsOn(record, ways);
  };
  return {
    actionsOn,
    enlarge,
    isOpen: shown !== null,
    enlarged: shown && (
      <Shown view={view} k={k} shown={shown} onShow={enlarge} actionsOn={actionsOn} decisions={decisions} />
    ),
  };
}

interface ShownProps {
  readonly view: LookView;
  readonly k: number;
  readonly shown: LookImage;
  readonly onShow: (image: LookImage | null) => void;
  readonly actionsOn: LookImages['actionsOn'];
  readonly decisions: EnlargedDecisions;
}

/** A neighbour beside the query that it was found for, or that query alone. */
function Shown({ view: { table, sides }, k, shown, onShow, actionsOn, decisions }: ShownProps) {
  const { query, side: of, at } = shown;
  const asked = table.queries[query];
  const side = sides[of];
  if (asked === undefined || side === undefined) return null;
  const { column, letter, run } = side;
  if (at === null) {
    const close = (): void => onShow(null);
    return <EnlargedImage images={[asked]} path={asked.path} onMove={close} decisions={decisions} runId={run.id} />;
  }
  return (
    <Enlarged
      what={sides.length === 2 ? `${letter}, neighbour` : 'Neighbour'}
      at={at}
      count={countNeighbours(column, query, k)}
      imageAt={(rank) => {
        const position = neighbourAt(column, query, rank);
        const image = table.gallery[position];
        if (image === undefined) return null;
        const similarity = similarityAt(column, query, rank);
        return { ...image, rank: rank + 1, similarity, right: verdictOn(table, query, position) };
      }}
      query={asked}
      onMove={(rank) => {
        decisions.close();
        onShow({ ...shown, at: rank });
      }}
      onClose={() => onShow(null)}
      actionsOn={(_, rank) => actionsOn({ ...shown, at: rank })}
    >
      {decisions.panel(table.gallery[neighbourAt(column, query, at)]?.path ?? null)}
    </Enlarged>
  );
}
