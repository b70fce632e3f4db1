import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ui = resolve(import.meta.dirname, '../../../src/ui');
const styles = resolve(import.meta.dirname, '../../../node_modules/@mantine/core/styles');

// A group without its styles sets its buttons one against the other.
test('each component of Mantine that is used comes with its styles', () => {
  const sheet = readFileSync(join(ui, 'mantine.css'), 'utf8');
  const used = readdirSync(ui, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .flatMap((file) =>
      [...readFileSync(join(ui, file), 'utf8').matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(
        ([, names = '']) => names.split(',').map((name) => name.trim()),
      ),
    );
  const missing = [...new Set(used)].filter(
    (name) => existsSync(join(styles, `${name}.css`)) && !sheet.includes(`/${name}.css"`),
  );
  expect(used).toContain('Button');
  expect(missing).toEqual([]);
});
