import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

export interface DashboardTab {
  /** In the address: `#/dashboard?tab=curves`. */
  readonly id: string;
  readonly label: string;
  readonly Tab: LazyExoticComponent<ComponentType>;
  /** It looks at scores: where nothing can be scored it has nothing to show. */
  readonly ofScores?: true;
}

/** In the order of the screen. */
export const tabs: readonly [DashboardTab, ...DashboardTab[]] = [
  { id: 'leaderboard', label: 'Leaderboard', ofScores: true, Tab: lazy(() => import('./leaderboard/Leaderboard.tsx')) },
  { id: 'curves', label: 'Curves', ofScores: true, Tab: lazy(() => import('./curves/Curves.tsx')) },
  { id: 'classes', label: 'Classes', ofScores: true, Tab: lazy(() => import('./classes/Classes.tsx')) },
  { id: 'look', label: 'Look', ofScores: true, Tab: lazy(() => import('./look/Look.tsx')) },
  { id: 'map', label: 'Map', Tab: lazy(() => import('./map/EmbeddingMap.tsx')) },
  { id: 'export', label: 'Export', Tab: lazy(() => import('./export/Export.tsx')) },
];
