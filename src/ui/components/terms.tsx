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
