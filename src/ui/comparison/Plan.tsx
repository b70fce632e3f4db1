import { canFineTune } from '../../app/comparison/comparison.ts';
import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import { BackboneTicks } from './BackboneTicks.tsx';
import { Ensembles } from './Ensembles.tsx';
import styles from './Plan.module.css';
import { RecipePanel } from './RecipePanel.tsx';

/** What is to be compared. While a comparison runs, changes are for the next one. */
export function Plan() {
  const fineTunes = useStore(useWorkspace().dataset, ({ images }) => canFineTune(images));
  return (
    <section className={styles.plan} aria-label="Plan">
      <BackboneTicks canFineTune={fineTunes} />
      <div className={styles.stack}>
        <Ensembles canFineTune={fineTunes} />
        {fineTunes ? <RecipePanel /> : null}
      </div>
    </section>
  );
}
