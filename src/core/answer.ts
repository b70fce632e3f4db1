/** What an answer says of the query's class. */
import { classPosteriors, type PosteriorSettings } from '../heads/posterior.ts';

/** A class that the query may be of. */
export interface Guess {
  readonly className: string;
  /** Probability, or share of the votes. */
  readonly share: number;
}

export interface Answer {
  /** Probabilities of a class posterior, by a trained `head` or by the `means` of the classes; or `votes`: shares of the nearest images whose class is known. */
  readonly by: 'head' | 'means' | 'votes';
  /** The likeliest first; of equal ones, the first of the classes or the nearest. None has a share of 0. */
  readonly guesses: readonly Guess[];
  /** Images that voted; 0 of a posterior. */
  readonly voters: number;
}

/** Neighbours that vote: the k of the headline metric. */
export const VOTERS = 10;

const byShare = (a: Guess, b: Guess): number => b.share - a.share;

/** From the cosines of one image to each class by each member, [members · names]. */
export function answerOfPosterior(
  cosines: Float32Array,
  names: readonly string[],
  settings: PosteriorSettings,
  by: 'head' | 'means',
): Answer {
  const posterior = classPosteriors(cosines, names.length, settings);
  const guesses = names.map((className, c) => ({ className, share: posterior[c] ?? 0 }));
  return { by, guesses: guesses.filter(({ share }) => share > 0).sort(byShare), voters: 0 };
}

/** From the classes of the nearest images, nearest first, null where unknown; null where none of them is known. */
export function answerOfVotes(nearest: readonly (string | null)[]): Answer | null {
  const votes = nearest.flatMap((className) => className ?? []).slice(0, VOTERS);
  if (votes.length === 0) return null;
  const counts = new Map<string, number>();
  for (const className of votes) counts.set(className, (counts.get(className) ?? 0) + 1);
  // Equal numbers of votes stay in the order of the nearest.
  const guesses = [...counts].map(([className, count]) => ({ className, share: count / votes.length })).sort(byShare);
  return { by: 'votes', guesses, voters: votes.length };
}
