import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

export interface DashboardTab {
  /** In the address: `#/dashboard?tab=curves`. */
  readonly id: string;
  readonly label: string;
  readonly Tab: LazyExoticComponent<ComponentType>;
}

/** In the order of the screen. */
export const tabs: readonly [DashboardTab, ...DashboardTab[]] = [
  { id: 'leaderboard', label: 'Leaderboard', Tab: lazy(() => import('./leaderboard/Leaderboard.tsx')) },
  { id: 'curves', label: 'Curves', Tab: lazy(() => import('./curves/Curves.tsx')) },
  { id: 'classes', label: 'Classes', Tab: lazy(() => import('./classes/Classes.tsx')) },
  { id: 'look', label: 'Look', Tab: lazy(() => import('./look/Look.tsx')) },
  { id: 'map', label: 'Map', Tab: lazy(() => import('./map/EmbeddingMap.tsx')) },
  { id: 'export', label: 'Export', Tab: lazy(() => import('./export/Export.tsx')) },
];
