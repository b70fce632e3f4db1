import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { datasetListStore } from '../../../src/app/dataset/dataset-list.ts';
import { openedWorkspace as workspace } from '../../../src/app/opened.ts';
import { settingsStore } from '../../../src/app/settings/settings.ts';
import { tabs } from '../../../src/ui/dashboard/DashboardScreen.tsx';
import { violations } from './accessibility.ts';
import { fillComparison } from './fake-comparison.ts';
import { fillDashboard, fillFeatures } from './fake-dashboard.ts';
import {
  fillDataset,
  fillFailures,
  fillJobs,
  fillModels,
  fillNotices,
  fillSearch,
  fillSettings,
} from './fake-state.ts';
import { byName, eventually, mountAt, unmount } from './mount.tsx';

afterEach(unmount);

function fill(): void {
  fillDataset();
  fillModels();
  fillComparison('running');
  fillSearch();
  fillSettings();
  fillJobs();
  fillFailures();
  fillNotices();
}

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test.each([['/data'], ['/models'], ['/comparison'], ['/search'], ['/settings']])(
      `%s, ${theme}, ${width} px`,
      async (path) => {
        await page.viewport(width, 844);
        fill();
        settingsStore.setState({ theme });
        await mountAt(path);
        expect(await violations()).toEqual([]);
      },
    );

    test.each(tabs.map(({ id }) => [id]))(`/dashboard?tab=%s, ${theme}, ${width} px`, async (tab) => {
      await page.viewport(width, 844);
      fill();
      await fillDashboard(tab === 'map' ? { a: 0 } : {});
      await fillFeatures();
      settingsStore.setState({ theme });
      await mountAt(`/dashboard?tab=${tab}`);
      await eventually(() => {
        expect(document.querySelector('[role=tabpanel]')?.textContent).not.toBe('');
        expect(document.querySelector('[role=tabpanel] [aria-label=Loading]')).toBeNull();
        if (tab === 'map') expect(workspace().map.getState().status).toBe('done');
      });
      expect(await violations()).toEqual([]);
    });
  }

  test.each([1280, 390])(`an enlarged neighbour, ${theme}, %d px`, async (width) => {
    await page.viewport(width, 844);
    fill();
    settingsStore.setState({ theme });
    await mountAt('/search');
    (await eventually(() => byName('button', /^Rank 4, .*Enlarge it\.$/))).click();
    const dialog = await eventually(() => byName('[role=dialog]', /Neighbour 4 of 10/));
    await eventually(() => expect(dialog.querySelectorAll('img')).toHaveLength(2));
    expect(await violations(dialog)).toEqual([]);
  });

  test(`start, problems and an open dialog, ${theme}`, async () => {
    await page.viewport(1280, 844);
    settingsStore.setState({ theme });
    datasetListStore.setState({ status: 'empty' });
    await mountAt('/data');
    expect(await violations()).toEqual([]);
    fill();
    (await eventually(() => byName('button', '2, show the problems'))).click();
    await eventually(() => byName('table', 'Problems'));
    expect(await violations()).toEqual([]);
    byName('button', 'Data set: groceries').click();
    (await eventually(() => byName('[role=menuitem]', 'Rename…'))).click();
    const rename = await eventually(() => byName('[role=dialog] button', 'Rename'));
    expect(await violations(rename.closest('[role=dialog]') ?? document.body)).toEqual([]);
  });
}
