import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatEntry } from '../format.ts';
import type { RecipeFieldEntry } from '../runs/recipe-fields.ts';
import { useActions } from '../workspace.tsx';
import { Field } from './Field.tsx';

interface NumberEntryProps {
  readonly entry: RecipeFieldEntry;
  readonly value: number;
}

/** One number of the recipe: taken over on Enter and on leaving the field, and refused with a sentence under it. */
export function NumberEntry({ entry: { field, label, explanation }, value }: NumberEntryProps) {
  const { setRecipe } = useActions();
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);

  const take = (): void => {
    if (typed === null) return;
    const text = typed.trim().replace(',', '.');
    // Number('') would be 0.
    const refused = setRecipe({ [field]: text === '' ? Number.NaN : Number(text) })[field] ?? null;
    setError(refused);
    if (refused === null) setTyped(null);
  };

  return (
    <Field label={label} explanation={<p>{explanation}</p>}>
      <TextInput
        size="xs"
        inputMode="decimal"
        autoComplete="off"
        aria-label={label}
        value={typed ?? formatEntry(value)}
        error={error}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
      />
    </Field>
  );
}
