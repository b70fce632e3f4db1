import { Checkbox, NativeSelect } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { PRECISIONS } from '../../app/search/cutoff.ts';
import { BACKENDS, backendNamed } from '../../app/search/search.ts';
import { Explain } from '../components/Explain.tsx';
import { formatCount, formatSentence } from '../format.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { cutoffSentence, keptNeighbours } from './answer-words.ts';
import { modelOptions, optionOf } from './model-options.ts';
import { RankingChoice, RankingExplanation } from './RankingChoice.tsx';
import styles from './search.module.css';

const neighbourCounts = [1, 5, 10, 20, 50, 100];
const efSearches = [16, 32, 64, 128, 256];

/** Model, ranking, number of neighbours, cut-off and index. */
export function Controls() {
  const { chooseRun, searchServerGallery, setEfSearch, setGrouped, setIndex, setK } = useActions();
  const grouped = useStore(useWorkspace().search, (state) => state.grouped);
  // Without classes to learn from there is no cut-off to choose.
  const rankable = useStore(useWorkspace().search, (state) => state.rankable);
  const runId = useStore(useWorkspace().search, (state) => state.runId);
  const k = useStore(useWorkspace().search, (state) => state.k);
  const indexChoice = useStore(useWorkspace().search, (state) => state.indexChoice);
  const hasServer = useStore(useWorkspace().search, (state) => state.server !== null);
  const onServer = useStore(useWorkspace().search, (state) => state.server?.chosen === true);
  const adjustable = useStore(useWorkspace().search, ({ server, index }) =>
    server?.chosen ? server.collection?.indexed !== false : backendNamed(index.kind).capabilities.adjustable,
  );
  const efSearch = useStore(useWorkspace().search, (state) => state.efSearch);
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const { heading, options } = useMemo(() => modelOptions(runs), [runs]);
  return (
    <div className={styles.choices}>
      <Labelled label="Model">
        <NativeSelect
          size="xs"
          aria-label="Model"
          maw={460}
          value={optionOf(runs, runId)}
          data={heading === null ? [...options] : [{ group: heading, items: [...options] }]}
          onChange={(event) => void chooseRun(event.currentTarget.value)}
        />
      </Labelled>
      <Labelled label="Ranking">
        <RankingChoice />
        <RankingExplanation />
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
      <Checkbox
        size="xs"
        label="Group by class"
        checked={grouped}
        onChange={(event) => void setGrouped(event.currentTarget.checked)}
      />
      {rankable ? (
        <Labelled label="Hide below precision">
          <CutoffChoice />
          <Explain term="the precision">
            <p>
              Hides neighbours below a similarity: above it, at least this share of the neighbours of validation images
              was right.
            </p>
            <p>
              Similarities of different models are not comparable, so each model has a cut-off of its own. The
              dashboard’s curves show it for every similarity.
            </p>
          </Explain>
        </Labelled>
      ) : null}
      <Labelled label="Index">
        <NativeSelect
          size="xs"
          aria-label="Index"
          value={onServer ? SERVER : indexChoice}
          data={[
            { value: 'auto', label: 'Automatic' },
            ...BACKENDS.map(({ name, label }) => ({ value: name, label: capital(label) })),
            ...(hasServer ? [{ value: SERVER, label: 'The server’s gallery' }] : []),
          ]}
          onChange={({ currentTarget: { value } }) =>
            void (value === SERVER ? searchServerGallery() : setIndex(chosen(value)))
          }
        />
        <Explain term="HNSW and recall">
          {BACKENDS.map(({ name, explanation }) => (
            <p key={name}>{formatSentence(explanation)}</p>
          ))}
          <p>
            Automatic is exact search as long as an answer takes less than a frame of the screen, then HNSW, and above{' '}
            {formatCount(200_000)} images 8-bit codes.
          </p>
          <p>Recall@10 is the share of the ten truly nearest images that HNSW finds.</p>
          <p>A larger efSearch searches wider: more recall, more time.</p>
          {hasServer ? (
            <p>
              The server’s gallery is in the database of the server that you started: query vectors go there while it is
              chosen, and pictures never do.
            </p>
          ) : null}
        </Explain>
      </Labelled>
      {adjustable ? (
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
    </div>
  );
}

/** The value of its option. */
const SERVER = 'server';

const chosen = (value: string) => BACKENDS.find(({ name }) => name === value)?.name ?? 'auto';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <span className={styles.labelledChoice}>
      <span className={styles.choiceLabel} aria-hidden="true">
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

/** How often neighbours must be right to be shown; disabled where that cannot be known. */
function CutoffChoice() {
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

/** Its id: it describes the choice. */
const CUTOFF_LINE = 'cutoff-line';

/** How many neighbours the cut-off hides, and at which similarity. */
export function CutoffLine() {
  const state = useStore(useWorkspace().cutoff);
  const runId = useStore(useWorkspace().search, (search) => search.runId);
  const neighbours = useStore(useWorkspace().search, (search) => search.neighbours);
  const shown = keptNeighbours(neighbours, state, runId).length;
  return (
    <p id={CUTOFF_LINE} role="status" className={`${styles.timingWords} ${styles.ownLine}`}>
      {cutoffSentence(state, runId, shown, neighbours.length - shown)}
    </p>
  );
}
