import {
  IconBoxMultiple,
  IconChartHistogram,
  IconPhoto,
  IconPhotoSearch,
  IconScale,
  IconSettings,
  type TablerIcon,
} from '@tabler/icons-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Screen } from '../app/jobs/jobs.ts';
import {
  type Mark,
  useComparisonMark,
  useDashboardMark,
  useDataMark,
  useModelsMark,
  useSearchMark,
  useSettingsMark,
} from './frame/marks.ts';

export interface ScreenEntry {
  readonly id: Screen;
  readonly path: string;
  readonly label: string;
  readonly icon: TablerIcon;
  readonly Screen: LazyExoticComponent<ComponentType>;
  /** What the rail says about the screen. */
  readonly useMark: () => Mark;
}

/** Every screen, in the order of the rail. The first is the home screen. */
export const screens: readonly [ScreenEntry, ...ScreenEntry[]] = [
  {
    id: 'data',
    path: '/data',
    label: 'Data',
    icon: IconPhoto,
    Screen: lazy(() => import('./data/DataScreen.tsx')),
    useMark: useDataMark,
  },
  {
    id: 'models',
    path: '/models',
    label: 'Models',
    icon: IconBoxMultiple,
    Screen: lazy(() => import('./models/ModelsScreen.tsx')),
    useMark: useModelsMark,
  },
  {
    id: 'comparison',
    path: '/comparison',
    label: 'Comparison',
    icon: IconScale,
    Screen: lazy(() => import('./comparison/ComparisonScreen.tsx')),
    useMark: useComparisonMark,
  },
  {
    id: 'search',
    path: '/search',
    label: 'Search',
    icon: IconPhotoSearch,
    Screen: lazy(() => import('./search/SearchScreen.tsx')),
    useMark: useSearchMark,
  },
  {
    id: 'dashboard',
    path: '/dashboard',
    label: 'Dashboard',
    icon: IconChartHistogram,
    Screen: lazy(() => import('./dashboard/DashboardScreen.tsx')),
    useMark: useDashboardMark,
  },
  {
    id: 'settings',
    path: '/settings',
    label: 'Settings',
    icon: IconSettings,
    Screen: lazy(() => import('./settings/SettingsScreen.tsx')),
    useMark: useSettingsMark,
  },
];

export function screenAt(path: string): ScreenEntry {
  return screens.find((entry) => entry.path === path) ?? screens[0];
}
