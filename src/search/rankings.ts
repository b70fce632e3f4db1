import type { Ranking } from './ranking.ts';
import { byClass } from './rankings/class.ts';
import { cover } from './rankings/cover.ts';
import { plain } from './rankings/plain.ts';

/** Every order of a gallery. `plain` comes first: it is the paper's, and the default of every comparison. */
export const RANKINGS = [plain, byClass, cover] as const satisfies readonly Ranking[];

export type RankingName = (typeof RANKINGS)[number]['name'];

export const RANKING_NAMES: readonly RankingName[] = RANKINGS.map(({ name }) => name);

export function rankingNamed(name: RankingName): Ranking<RankingName> {
  return RANKINGS.find((ranking) => ranking.name === name) ?? plain;
}
