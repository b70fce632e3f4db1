import { NativeSelect } from '@mantine/core';
import { useStore } from 'zustand';
import { setCutoff } from '../../state/actions.ts';
import { cutoffStore, PRECISIONS } from '../../state/cutoff.ts';
import { searchStore } from '../../state/search.ts';
import { CUTOFF_LINE } from './CutoffLine.tsx';

/** How often neighbours must be right to be shown; not to be chosen where nobody can know. */
export function CutoffChoice() {
  const precision = useStore(cutoffStore, (state) => state.precision);
  const runId = useStore(searchStore, (state) => state.runId);
  const unknown = useStore(cutoffStore, (state) => state.reason !== null && state.runId === runId);
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
