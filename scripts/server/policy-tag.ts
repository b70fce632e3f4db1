import type { Plugin } from 'vite';
import { metaPolicy } from './security-headers.ts';

/** Writes the policy into the built page, for hosts that set no headers. Vite's development server needs inline scripts. */
export function contentSecurityPolicyTag(): Plugin {
  return {
    name: 'likeness:content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: metaPolicy() },
        injectTo: 'head-prepend',
      },
    ],
  };
}
