import { UnstyledButton } from '@mantine/core';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { Story, StorySide } from '../../../app/dashboard/story.ts';
import type { ImageRecord } from '../../../types.ts';
import { FinetunedExplanation, FrozenExplanation } from '../../components/Explain.tsx';
import { pressImageKey } from '../../components/image-actions.tsx';
import { Thumbnail } from '../../components/Picture.tsx';
import { framed, VerdictSign, verdictOf } from '../../components/Verdict.tsx';
import { EnlargedImage } from '../../data/EnlargedImage.tsx';
import { useEnlargedDecisions } from '../../data/image-decisions.tsx';
import { fileName, formatAmount, formatCount } from '../../format.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import styles from './HeadStory.module.css';

/** An image of the story that is shown large, with those that the arrow keys lead to. */
interface Enlargement {
  readonly images: readonly ImageRecord[];
  readonly path: string;
  readonly runId: string;
}

interface HeadStoryProps {
  /** Hears which query it shows. */
  readonly onQuery: (hash: string | null) => void;
}

/** What a trained head does, on one query: its neighbours under the frozen and under the fine-tuned model. */
export default function HeadStory({ onQuery }: HeadStoryProps) {
  const { headStory } = useActions();
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const [story, setStory] = useState<Story | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: headStory() reads the runs from their store: another story for others.
  useEffect(() => {
    let newest = true;
    void headStory().then((found) => {
      if (!newest) return;
      setStory(found);
      onQuery(found?.query.hash ?? null);
    });
    return () => {
      newest = false;
    };
  }, [runs, headStory, onQuery]);
  // Its room is kept from the start, so that nothing below it moves.
  return <div className={styles.room}>{story === null ? null : <Told story={story} />}</div>;
}

function Told({ story: { query, sides, of } }: { readonly story: Story }) {
  const [frozen, tuned] = sides;
  const decisions = useEnlargedDecisions();
  const [enlarged, setEnlarged] = useState<Enlargement | null>(null);
  const show = (enlargement: Enlargement | null): void => {
    if (enlargement === null) decisions.close();
    setEnlarged(enlargement);
  };
  const press = (event: KeyboardEvent, images: readonly ImageRecord[], image: ImageRecord, runId: string): void => {
    const enlarge = () => show({ images, path: image.path, runId });
    pressImageKey(decisions.actionsOn(image, { runId, enlarge }), event);
  };
  const look = new URLSearchParams({
    tab: 'look',
    a: tuned.runId,
    b: frozen.runId,
    ...(query.hash === null ? {} : { query: query.hash }),
  });
  return (
    <figure className={styles.story} aria-label="One query under the frozen and the fine-tuned model">
      <Link
        href={`/dashboard?${look}`}
        className={styles.query}
        aria-label={`Look at this query: ${query.file}`}
        onKeyDown={(event: KeyboardEvent) => press(event, [query], query, tuned.runId)}
      >
        <Thumbnail hash={query.hash} alt="" fit="contain" />
      </Link>
      <div className={styles.sides}>
        {sides.map((side) => (
          <Side
            key={side.head}
            side={side}
            onEnlarge={(images, path) => show({ images, path, runId: side.runId })}
            onKeyDown={press}
          />
        ))}
      </div>
      <figcaption className={styles.caption}>
        A query of <bdi>{query.className ?? 'no class'}</bdi> and the five images that each model finds nearest. Of{' '}
        {formatAmount(of, 'query', 'queries')}, it is the one that fine-tuning helps most.
      </figcaption>
      <EnlargedImage
        images={enlarged?.images ?? []}
        path={enlarged?.path ?? null}
        onMove={(path) => show(path === null || enlarged === null ? null : { ...enlarged, path })}
        decisions={decisions}
        runId={enlarged?.runId ?? null}
      />
    </figure>
  );
}

interface SideProps {
  readonly side: StorySide;
  readonly onEnlarge: (images: readonly ImageRecord[], path: string) => void;
  readonly onKeyDown: (event: KeyboardEvent, images: readonly ImageRecord[], image: ImageRecord, runId: string) => void;
}

function Side({ side: { runId, head, label, neighbours }, onEnlarge, onKeyDown }: SideProps) {
  const images = neighbours.map(({ image }) => image);
  const right = neighbours.filter((neighbour) => neighbour.right).length;
  return (
    <div>
      <span className={styles.head}>
        <b>{head === 'frozen' ? 'Frozen' : 'Fine-tuned'}</b>
        {head === 'frozen' ? <FrozenExplanation /> : <FinetunedExplanation />}
        <span className={styles.quiet}>
          {formatCount(right)} of {formatCount(neighbours.length)} right
        </span>
      </span>
      <ol className={styles.neighbours} aria-label={`Neighbours by ${label}`}>
        {neighbours.map(({ image, right: isRight }) => (
          <li key={image.path} className={`${framed} ${styles.neighbour}`} data-verdict={verdictOf(isRight)}>
            <UnstyledButton
              className={styles.enlarge}
              aria-label={`Enlarge ${fileName(image.path)}: ${image.className ?? 'class unknown'}, ${isRight ? 'right' : 'wrong'}`}
              onClick={() => onEnlarge(images, image.path)}
              onKeyDown={(event: KeyboardEvent) => onKeyDown(event, images, image, runId)}
            >
              <Thumbnail hash={image.hash} alt="" fit="contain" />
            </UnstyledButton>
            <VerdictSign right={isRight} />
          </li>
        ))}
      </ol>
    </div>
  );
}
