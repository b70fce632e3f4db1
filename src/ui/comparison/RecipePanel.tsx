import { Button, Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { IconChevronRight, IconRotate } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { Recipe } from '../../app/comparison/comparison.ts';
import { Explain } from '../components/Explain.tsx';
import { formatEntry, formatSentence } from '../format.ts';
import { recipeChanges } from '../runs/result-words.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { recipeLine, withClassifier } from './comparison-words.ts';
import styles from './plan.module.css';

/** The parts of a recipe that are numbers. */
type NumberField = Exclude<keyof Recipe, 'classifier' | 'refit'>;

interface RecipeFieldEntry {
  readonly field: NumberField;
  readonly label: string;
  readonly explanation: string;
}

/** In the order of the form. */
const recipeFields: readonly RecipeFieldEntry[] = [
  {
    field: 'epochs',
    label: 'Epochs',
    explanation: 'Passes over the images learned from, at most: training usually stops earlier.',
  },
  {
    field: 'patience',
    label: 'Patience',
    explanation: 'Epochs without a lower validation loss after which training stops. The best epoch is kept.',
  },
  {
    field: 'learningRate',
    label: 'Learning rate',
    explanation: 'How far each step moves the weights. Too large and the loss jumps, too small and it crawls.',
  },
  {
    field: 'batch',
    label: 'Batch',
    explanation: 'Images that each step learns from.',
  },
  {
    field: 'weightDecay',
    label: 'Weight decay',
    explanation: 'Pulls all weights towards zero (an L2 penalty), against learning images by heart. 0 is off.',
  },
  {
    field: 'dropout',
    label: 'Dropout',
    explanation: 'Share of the 512 numbers that is left out at random in each step. 0 is off.',
  },
  {
    field: 'labelSmoothing',
    label: 'Label smoothing',
    explanation: 'Share of each label that is spread over all classes, so that no answer is wholly certain. 0 is off.',
  },
  {
    field: 'scale',
    label: 'Scale',
    explanation:
      'Stretches the cosines before the softmax: between −1 and 1 they could never make a class certain. Only the cosine classifier uses it.',
  },
  {
    field: 'seed',
    label: 'Seed',
    explanation:
      'Fixes every random choice: the split of the training images, first weights, order and dropout. The same seed gives the same head.',
  },
];

const seedCounts = [1, 2, 3, 5, 10, 20];

/** How heads are trained, folded away: the defaults are good. */
export function RecipePanel() {
  const { resetRecipe, setRecipe, setSeeds } = useActions();
  const recipe = useStore(useWorkspace().comparison, (state) => state.recipe);
  const seeds = useStore(useWorkspace().comparison, (state) => state.seeds);
  // Counted, so that a reset also clears what is being typed and its errors.
  const [resets, setResets] = useState(0);
  const usual = recipeChanges(recipe).length === 0 && recipe.seed === 0 && seeds === 1;
  return (
    <details className={styles.recipe}>
      <summary className={styles.summary}>
        <IconChevronRight size={16} className={styles.sign} aria-hidden="true" />
        <span>
          <span className={styles.recipeTitle}>Recipe</span>
          <span className={styles.recipeLine}>{recipeLine(recipe, seeds)}</span>
        </span>
      </summary>
      <div className={styles.body}>
        <Field
          label="Classifier"
          explanation={
            <>
              <p>
                While training, a classifier stands on the 512 numbers of the head; afterwards it is taken away. Cosine
                compares directions alone, as search does, and was the better one on two real data sets. Linear is the
                paper’s.
              </p>
              <p>Epochs and learning rate that are at their defaults change with it.</p>
            </>
          }
        >
          <SegmentedControl
            size="xs"
            aria-label="Classifier"
            data={[
              { value: 'cosine', label: 'Cosine' },
              { value: 'linear', label: 'Linear' },
            ]}
            value={recipe.classifier}
            onChange={(classifier) => setRecipe(withClassifier(recipe, classifier))}
          />
        </Field>
        <div key={`${recipe.classifier} ${resets}`} className={styles.fields}>
          {recipeFields
            .filter(({ field }) => field !== 'scale' || recipe.classifier === 'cosine')
            .map((entry) => (
              <NumberEntry key={entry.field} entry={entry} value={recipe[entry.field]} />
            ))}
          <Field
            label="Seeds"
            explanation={
              <p>
                Heads trained for each model, with the seed and those after it. Results become the mean of the seeds ±
                their standard deviation.
              </p>
            }
          >
            <NativeSelect
              size="xs"
              aria-label="Number of seeds"
              value={String(seeds)}
              data={[...new Set([...seedCounts, seeds])].sort((a, b) => a - b).map(String)}
              onChange={(event) => setSeeds(Number(event.currentTarget.value))}
            />
          </Field>
        </div>
        <span className={styles.refit}>
          <Checkbox
            size="sm"
            label="Refit on all training images"
            checked={recipe.refit}
            onChange={(event) => setRecipe({ refit: event.currentTarget.checked })}
          />
          <Explain term="refit">
            <p>
              Once the best epoch is known, the head is trained again for that many epochs, on the validation images
              too. Validation figures stay those of the first fit, which has not seen them.
            </p>
          </Explain>
        </span>
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRotate size={16} aria-hidden="true" />}
            disabled={usual}
            onClick={() => {
              resetRecipe(recipe.classifier);
              setResets(resets + 1);
            }}
          >
            Reset the recipe
          </Button>
        </div>
      </div>
    </details>
  );
}

interface NumberEntryProps {
  readonly entry: RecipeFieldEntry;
  readonly value: number;
}

/** One number of the recipe: taken over on Enter and on leaving the field, and refused with a sentence under it. */
function NumberEntry({ entry: { field, label, explanation }, value }: NumberEntryProps) {
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
        error={error && formatSentence(error)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
      />
    </Field>
  );
}

interface FieldProps {
  readonly label: string;
  readonly explanation: ReactNode;
  /** A control that has the label as its accessible name. */
  readonly children: ReactNode;
}

/** A control under its name and the explanation of it. */
function Field({ label, explanation, children }: FieldProps) {
  return (
    <div className={styles.field}>
      <span className={styles.fieldLabel}>
        {label}
        <Explain term={label.toLowerCase()}>{explanation}</Explain>
      </span>
      {children}
    </div>
  );
}
