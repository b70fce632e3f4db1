import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { Story, StorySide } from '../../../app/dashboard/story.ts';
import { Thumbnail } from '../../components/Thumbnail.tsx';
import { FinetunedExplanation, FrozenExplanation } from '../../components/terms.tsx';
import { framed, VerdictSign, verdictOf } from '../../components/Verdict.tsx';
import { formatAmount, formatCount } from '../../format.ts';
import { useStore } from '../../use-store.ts';
import { useActions, useWorkspace } from '../../workspace.tsx';
import styles from './HeadStory.module.css';

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
  const look = new URLSearchParams({
    tab: 'look',
    a: tuned.runId,
    b: frozen.runId,
    ...(query.hash === null ? {} : { query: query.hash }),
  });
  return (
    <figure className={styles.story} aria-label="One query under the frozen and the fine-tuned model">
      <Link href={`/dashboard?${look}`} className={styles.query} aria-label={`Look at this query: ${query.file}`}>
        <Thumbnail hash={query.hash} alt="" fit="contain" />
      </Link>
      <div className={styles.sides}>
        {sides.map((side) => (
          <Side key={side.head} side={side} />
        ))}
      </div>
      <figcaption className={styles.caption}>
        A query of <bdi>{query.className ?? 'no class'}</bdi> and the five images that each model finds nearest. Of{' '}
        {formatAmount(of, 'query', 'queries')}, it is the one that fine-tuning helps most.
      </figcaption>
    </figure>
  );
}

function Side({ side: { head, label, neighbours } }: { readonly side: StorySide }) {
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
            <Thumbnail
              hash={image.hash}
              alt={`${image.className ?? 'class unknown'}, ${isRight ? 'right' : 'wrong'}`}
              fit="contain"
            />
            <VerdictSign right={isRight} />
          </li>
        ))}
      </ol>
    </div>
  );
}
