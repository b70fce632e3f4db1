import { IconAdjustmentsHorizontal, IconLayersIntersect, IconSnowflake, type TablerIcon } from '@tabler/icons-react';
import type { RunRow } from '../../app/comparison/comparison.ts';
import { kindOf, type ModelKind } from '../../core/run-choice.ts';
import styles from './runs.module.css';

const icons: Readonly<Record<ModelKind, TablerIcon>> = {
  frozen: IconSnowflake,
  finetuned: IconAdjustmentsHorizontal,
  ensemble: IconLayersIntersect,
};

const BASELINE = 'colour-gradient';

/** Whether it is the model that a network earns its time by beating. */
export const isBaseline = ({ choice }: RunRow): boolean =>
  kindOf(choice) === 'frozen' && choice.members[0]?.weightsId === BASELINE;

export function KindIcon({ kind }: { readonly kind: ModelKind }) {
  const Icon = icons[kind];
  return <Icon size={18} stroke={1.6} className={styles[kind]} aria-hidden="true" />;
}
