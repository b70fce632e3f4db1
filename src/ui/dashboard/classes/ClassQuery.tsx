import { UnstyledButton } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { Link } from 'wouter';
import { countNeighbours, neighbourAt, verdictOn } from '../../../core/look.ts';
import { type ImageAction, pressImageKey } from '../../components/image-actions.tsx';
import { Thumbnail } from '../../components/Picture.tsx';
import { framed, VerdictSign, verdictOf } from '../../components/Verdict.tsx';
import { RunMark } from '../ChosenRuns.tsx';
import { useLookImages } from '../look/look-images.tsx';
import { hitWords, neighbourWords, queryWords } from '../look/look-words.ts';
import type { LookSide, LookView } from '../look/use-look.ts';
import styles from './classes.module.css';
import { lookAddress } from './classes-address.ts';

/** As many as fit beside the query on a phone. */
const NEIGHBOURS = 5;

interface ClassQueryProps {
  readonly view: LookView;
  /** Position in the table. */
  readonly query: number;
  readonly className: string;
}

/** One query, which leads to the Look tab, and its first neighbours in each run, which a press enlarges. */
export function ClassQuery({ view, query, className }: ClassQueryProps) {
  const { table, sides } = view;
  const images = useLookImages(view, NEIGHBOURS);
  const image = table.queries[query];
  if (image === undefined) return null;
  return (
    <li className={styles.query}>
      <Link
        href={lookAddress(className, image.hash)}
        className={styles.asked}
        aria-label={queryWords(table, query)}
        title={image.path}
        onKeyDown={(event: KeyboardEvent) => {
          pressImageKey(images.actionsOn({ query, side: 0, at: null }), event);
        }}
      >
        <Thumbnail hash={image.hash} alt="" />
      </Link>
      <div className={styles.sides}>
        {sides.map((side, i) => (
          <Side
            key={side.letter}
            view={view}
            query={query}
            side={side}
            onEnlarge={(at) => images.enlarge({ query, side: i, at })}
            actionsOn={(at) => images.actionsOn({ query, side: i, at })}
          />
        ))}
      </div>
      {images.enlarged}
    </li>
  );
}

interface SideProps {
  readonly view: LookView;
  readonly query: number;
  readonly side: LookSide;
  /** Gets the neighbour's position, from 0. */
  readonly onEnlarge: (at: number) => void;
  readonly actionsOn: (at: number) => readonly ImageAction[];
}

function Side({ view: { table, sides }, query, side: { letter, run, column }, onEnlarge, actionsOn }: SideProps) {
  const two = sides.length === 2;
  const count = countNeighbours(column, query, NEIGHBOURS);
  return (
    <div>
      <span className={styles.hit}>
        {two ? <RunMark letter={letter} slot={run.colour} /> : null}
        {hitWords(table, column, query)}
      </span>
      <ol className={styles.neighbours}>
        {Array.from({ length: count }, (_, at) => {
          const position = neighbourAt(column, query, at);
          const verdict = verdictOn(table, query, position);
          const words = neighbourWords(table, column, query, at, two ? letter : null);
          return (
            <li
              key={position}
              className={`${framed} ${styles.neighbour}`}
              data-verdict={verdictOf(verdict)}
              title={words}
            >
              <UnstyledButton
                className={styles.enlarge}
                aria-label={`Enlarge: ${words}`}
                onClick={() => onEnlarge(at)}
                onKeyDown={(event: KeyboardEvent) => {
                  pressImageKey(actionsOn(at), event);
                }}
              >
                <Thumbnail hash={table.gallery[position]?.hash ?? null} alt="" />
              </UnstyledButton>
              <VerdictSign right={verdict} small />
            </li>
          );
        })}
      </ol>
    </div>
  );
}
