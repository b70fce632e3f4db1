import { NativeSelect } from '@mantine/core';
import { PRECISIONS } from '../../app/search/cutoff.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { CUTOFF_LINE } from './CutoffLine.tsx';

/** How often neighbours must be right to be shown; disabled where that cannot be known. */
export function CutoffChoice() {
  const { setCutoff } = useActions();
  const precision = useStore(useWorkspace().cutoff, (state) => state.precision);
  const runId = useStore(useWorkspace().search, (state) => state.runId);
  const unknown = useStore(useWorkspace().cutoff, (state) => state.reason !== null && state.runId === runId);
  return (
    <NativeSelect
      size="xs"
      aria-label="Hide neighbours below a precision of"
      // Mantine replaces a plain aria-describedby by that of its own wrapper.
      attributes={{ input: { 'aria-describedby': CUTOFF_LINE } }}
      disabled={unknown}
      value={precision === null || unknown ? '' : String(precision)}
      data={[
        { value: '', label: 'Off' },
        ...PRECISIONS.map((share) => ({ value: String(share), label: `${share * 100} %` })),
      ]}
      onChange={({ currentTarget: { value } }) => void setCutoff(value === '' ? null : Number(value))}
    />
  );
}
