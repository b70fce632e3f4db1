import { expect, test } from 'vitest';
import { directivesFirst } from '../../webgpu-features.ts';

test('directives of the shading language come first, each once, and nothing else is moved', () => {
  const code =
    'struct S { a : f32 }\n  enable f16;\nfn enabled() {}\n  enable f16; diagnostic(off, subgroup_uniformity);\n';
  expect(directivesFirst(code)).toMatch(
    /^enable f16;\ndiagnostic\(off, subgroup_uniformity\);\nstruct S \{ a : f32 \}\s+fn enabled\(\) \{\}\s*$/,
  );
  expect(directivesFirst('fn main() {}')).toBe('fn main() {}');
});
