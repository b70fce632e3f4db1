import { IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useActions } from '../../workspace.tsx';
import { ExportRow } from './ExportRow.tsx';
import { SaveButton } from './SaveButton.tsx';
import { type Scope, ScopeSelect, useRunsOf } from './ScopeSelect.tsx';

export function BundleExport() {
  const { exportBundle } = useActions();
  const [scope, setScope] = useState<Scope>('all');
  const runs = useRunsOf(scope);
  return (
    <ExportRow
      icon={<IconShieldCheck size={18} aria-hidden="true" />}
      title="Reproducibility bundle"
      text="A zip with embeddings, labels, splits, settings, hashes of weights and images, results, and a short Python script that recomputes every number of the table with NumPy alone and prints the differences. No images are in it; file names are."
      options={<ScopeSelect value={scope} onChange={setScope} />}
      buttons={<SaveButton onSave={() => exportBundle(runs)}>Save bundle</SaveButton>}
    />
  );
}
