import { expect, test } from 'vitest';
import { escapeHtml, html, trusted } from '../../../src/exports/html.ts';

test('escapes what a text or an attribute could end with', () => {
  expect(escapeHtml(`<a href="x" b='y'>&`)).toBe('&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;');
});

test('takes out what no document may hold', () => {
  expect(escapeHtml('a\ufffe\uffffb')).toBe('ab');
  expect(escapeHtml('a\u0000b\u0007c\u0085d\ud800e🍎')).toBe('a b c d\ufffde🍎');
});

test('escapes values, joins lists, keeps markup, and says nothing of null and false', () => {
  const items = ['<1>', '2'].map((text) => html`<li>${text}</li>`);
  expect(html`<ul>${items}${null}${false}</ul>${7}${trusted('<br>')}`.text).toBe(
    '<ul><li>&lt;1&gt;</li><li>2</li></ul>7<br>',
  );
});
