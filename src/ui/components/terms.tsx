/** Explanations of the words that stand on several screens. */
import { Explain } from './Explain.tsx';

export function FrozenExplanation() {
  return (
    <Explain term="frozen">
      <p>The backbone’s features as they are, with unit length. Nothing is trained.</p>
    </Explain>
  );
}

export function FinetunedExplanation() {
  return (
    <Explain term="fine-tuned">
      <p>
        A head, a projection to 512 numbers, is trained on the training images’ features; the backbone stays as it is.
      </p>
    </Explain>
  );
}

export function EnsembleExplanation() {
  return (
    <Explain term="ensemble">
      <p>
        Two or more models together. Concat: their embeddings side by side, so that similarities are averaged. Mean:
        their 512 numbers averaged. Shared: their heads are trained together, then averaged.
      </p>
    </Explain>
  );
}
