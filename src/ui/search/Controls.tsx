import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { chooseModel, setEfSearch, setIndex, setK } from '../../state/actions.ts';
import { modelsStore } from '../../state/models.ts';
import { searchStore } from '../../state/search.ts';
import { Explain } from '../components/Explain.tsx';
import styles from './Controls.module.css';

const neighbourCounts = [1, 5, 10, 20, 50, 100];
const efSearches = [16, 32, 64, 128, 256];

/** Model, number of neighbours and index. */
export function Controls() {
  const weightsId = useStore(searchStore, (state) => state.weightsId);
  const k = useStore(searchStore, (state) => state.k);
  const indexKind = useStore(searchStore, (state) => state.indexKind);
  const efSearch = useStore(searchStore, (state) => state.efSearch);
  const labels = useStore(
    modelsStore,
    useShallow((state) =>
      Object.fromEntries(
        state.rows.filter((row) => row.embedded > 0).map((row) => [row.weights.id, row.weights.label]),
      ),
    ),
  );
  return (
    <div className={styles.controls}>
      <Labelled label="Model">
        <NativeSelect
          size="xs"
          aria-label="Model"
          value={weightsId ?? ''}
          data={Object.entries(labels).map(([value, label]) => ({ value, label }))}
          onChange={(event) => void chooseModel(event.currentTarget.value)}
        />
      </Labelled>
      <Labelled label="Neighbours">
        <NativeSelect
          size="xs"
          aria-label="Number of neighbours, k"
          value={String(k)}
          data={withCurrent(neighbourCounts, k)}
          onChange={(event) => void setK(Number(event.currentTarget.value))}
        />
      </Labelled>
      <Labelled label="Index">
        <NativeSelect
          size="xs"
          aria-label="Index"
          value={indexKind}
          data={[
            { value: 'hnsw', label: 'HNSW' },
            { value: 'exact', label: 'Exact' },
          ]}
          onChange={(event) => void setIndex(event.currentTarget.value === 'exact' ? 'exact' : 'hnsw')}
        />
      </Labelled>
      {indexKind === 'hnsw' ? (
        <Labelled label="efSearch">
          <NativeSelect
            size="xs"
            aria-label="efSearch"
            value={String(efSearch)}
            data={withCurrent(efSearches, efSearch)}
            onChange={(event) => void setEfSearch(Number(event.currentTarget.value))}
          />
        </Labelled>
      ) : null}
      <Explain term="the index">
        <p>
          Exact search compares the query with every gallery image. HNSW walks a graph of near neighbours instead:
          faster in large galleries, and it may miss a few.
        </p>
        <p>
          Recall@10 says how many of the ten truly nearest images HNSW finds. A larger efSearch searches wider: more
          recall, more time.
        </p>
      </Explain>
    </div>
  );
}

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <span className={styles.labelled}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      {children}
    </span>
  );
}

/** The usual choices, and the current value where it is another (from an address). */
function withCurrent(choices: readonly number[], current: number): string[] {
  return [...new Set([...choices, current])].sort((a, b) => a - b).map(String);
}
