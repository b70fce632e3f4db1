import type { Plugin } from 'vite';
import { noticesText, packageFolder } from './notices.ts';

export const NOTICES = 'THIRD_PARTY_NOTICES.txt';

/**
 * Writes the notices of all that is bundled into the build. Workers are built by themselves, with plugins of their own, and
 * before the page: `worker` collects what they bundle.
 */
export function thirdPartyNotices(root: string): { readonly page: Plugin; readonly worker: Plugin } {
  const folders = new Set<string>();
  const collect: Pick<Plugin, 'apply' | 'generateBundle'> = {
    apply: 'build',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const [module, { renderedLength }] of Object.entries(file.modules)) {
          const folder = renderedLength > 0 ? packageFolder(module) : null;
          if (folder !== null) folders.add(folder);
        }
      }
    },
  };
  return {
    worker: { name: 'likeness:worker-notices', ...collect },
    page: {
      name: 'likeness:notices',
      apply: 'build',
      generateBundle: {
        order: 'post',
        handler(options, bundle, isWrite) {
          if (typeof collect.generateBundle === 'function') collect.generateBundle.call(this, options, bundle, isWrite);
          this.emitFile({ type: 'asset', fileName: NOTICES, source: noticesText(root, folders) });
        },
      },
    },
  };
}
