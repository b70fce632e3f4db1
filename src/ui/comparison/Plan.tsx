import { useStore } from 'zustand';
import type { DatasetState } from '../../app/dataset/dataset.ts';
import { useWorkspace } from '../workspace.tsx';
import { BackboneTicks } from './BackboneTicks.tsx';
import { Ensembles } from './Ensembles.tsx';
import styles from './Plan.module.css';
import { RecipePanel } from './RecipePanel.tsx';

/** Fine-tuning tells classes apart: it needs training images of two. */
function hasTrainingClasses({ images }: DatasetState): boolean {
  const labelled = (className: string | null, split: string): boolean => split === 'training' && className !== null;
  const first = images.find(({ className, split }) => labelled(className, split));
  return images.some(
    ({ className, split }) => labelled(className, split) && className !== (first?.className ?? className),
  );
}

/** What is to be compared. While a comparison runs, changes are for the next one. */
export function Plan() {
  const canFineTune = useStore(useWorkspace().dataset, hasTrainingClasses);
  return (
    <section className={styles.plan} aria-label="Plan">
      <BackboneTicks canFineTune={canFineTune} />
      <div className={styles.stack}>
        <Ensembles canFineTune={canFineTune} />
        <RecipePanel />
      </div>
    </section>
  );
}
