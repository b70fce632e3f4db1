import { expect, test } from 'vitest';
import { contentSecurityPolicy, metaPolicy } from '../../../scripts/server/security-headers.ts';

test('the hub and its stores may be asked, nobody else', () => {
  const directive = contentSecurityPolicy('')
    .split('; ')
    .find((each) => each.startsWith('connect-src'));
  expect(directive).toBe("connect-src 'self' https://huggingface.co https://*.huggingface.co https://*.hf.co");
});

test('the meta tag says the same but for what a meta tag cannot say', () => {
  expect(`${metaPolicy()}; frame-ancestors 'none'`).toBe(contentSecurityPolicy(''));
});
