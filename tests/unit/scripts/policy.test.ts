import { expect, test } from 'vitest';
import { contentSecurityPolicy, metaPolicy, securityHeaders } from '../../../scripts/server/security-headers.ts';

test('the hub and its stores may be asked, nobody else', () => {
  const directive = contentSecurityPolicy('')
    .split('; ')
    .find((each) => each.startsWith('connect-src'));
  expect(directive).toBe("connect-src 'self' https://huggingface.co https://*.huggingface.co https://*.hf.co");
});

test('the meta tag says the same but for what a meta tag cannot say', () => {
  expect(`${metaPolicy()}; frame-ancestors 'none'`).toBe(contentSecurityPolicy(''));
});

test('the page itself may ask for the camera, nobody for the microphone or the place', () => {
  const features = securityHeaders('')['Permissions-Policy']?.split(', ') ?? [];
  expect(features.filter((feature) => !feature.endsWith('=()'))).toEqual(['camera=(self)']);
  expect(features).toEqual(expect.arrayContaining(['microphone=()', 'geolocation=()']));
});
