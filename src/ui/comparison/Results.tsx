import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { extentOf, resultRows } from '../../core/result-rows.ts';
import { COLUMNS, HEADLINE } from '../../metrics/registry.ts';
import type { ScoredSplit } from '../../types.ts';
import panel from '../components/screen.module.css';
import { useLabels } from '../runs/model-words.ts';
import { bestFirst, chosenOrder, type ResultOrder, sortRows } from '../runs/result-order.ts';
import {
  askedOf,
  modelDetail,
  modelName,
  oneSeed,
  queriesSentence,
  sharedParts,
  sharedSentence,
} from '../runs/result-words.ts';
import { useStore } from '../use-store.ts';
import { useWorkspace } from '../workspace.tsx';
import styles from './comparison.module.css';
import { ResultCards, ResultsTable, type ResultsViewProps } from './ResultsTable.tsx';

/** What the models reached, the best first; rows come as runs finish. */
export function Results() {
  const runs = useStore(useWorkspace().comparison, (state) => state.runs);
  const labels = useLabels();
  const narrow = useMediaQuery('(max-width: 719.98px)', false, { getInitialValueInEffect: false });
  const images = useStore(useWorkspace().dataset, (state) => state.images);
  const asked = useMemo(() => askedOf(images), [images]);
  const [wanted, setWanted] = useState<ScoredSplit>('test');
  const [order, setOrder] = useState<ResultOrder>(bestFirst(HEADLINE));
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());

  const has = {
    test: runs.some(({ result }) => result.test),
    validation: runs.some(({ result }) => result.validation),
  };
  const split: ScoredSplit = has[wanted] ? wanted : has.test ? 'test' : 'validation';
  const rows = useMemo(
    () => sortRows(resultRows(runs), order, split, (row) => `${modelName(row, labels)}, ${modelDetail(row.runs[0])}`),
    [runs, order, split, labels],
  );
  const said = useMemo(() => sharedSentence(runs), [runs]);
  const view: ResultsViewProps = {
    rows,
    split,
    all: useMemo(() => extentOf(runs, split), [runs, split]),
    labels,
    shared: useMemo(() => sharedParts(runs), [runs]),
    oneSeed: useMemo(() => oneSeed(runs), [runs]),
    unfolded,
    onFold: (key) =>
      setUnfolded((keys) => new Set(keys.has(key) ? [...keys].filter((other) => other !== key) : [...keys, key])),
    order,
    onOrder: setOrder,
  };

  const section = useInSight(rows.length > 0);
  return (
    <section ref={section} className={`${panel.panel} ${styles.inSight}`} aria-labelledby="results-heading">
      <div className={panel.head}>
        <h2 id="results-heading">Results</h2>
        {rows.length === 0 ? null : (
          <div className={panel.tools}>
            {narrow ? (
              <NativeSelect
                size="xs"
                aria-label="Sort the results by"
                value={order.by}
                data={[
                  ...COLUMNS.map(({ key, title }) => ({ value: key, label: `Best ${title}` })),
                  { value: 'model', label: 'Model' },
                ]}
                onChange={(event) => setOrder(chosenOrder(event.currentTarget.value))}
              />
            ) : null}
            <SegmentedControl
              size="xs"
              aria-label="Queries that are scored"
              data={[
                { value: 'test', label: 'Test', disabled: !has.test },
                { value: 'validation', label: 'Validation', disabled: !has.validation },
              ]}
              value={split}
              onChange={setWanted}
            />
          </div>
        )}
      </div>
      {rows.length === 0 ? (
        <p className={panel.note}>None yet. Each run adds its row here as it finishes.</p>
      ) : (
        <>
          <p className={panel.note}>
            {has[split] ? queriesSentence(runs, split, asked) : 'Neither test nor validation queries could be scored.'}{' '}
            {has.test
              ? null
              : 'The test queries could not be scored: they have no labels, or none has a class that is also in the gallery. The validation results are shown instead. '}
            In per cent; in brackets the 95 % interval, after ± the standard deviation over seeds; bold is the best of
            its column.{said === null ? '' : ` ${said}`}
          </p>
          {narrow ? <ResultCards {...view} /> : <ResultsTable {...view} />}
        </>
      )}
    </section>
  );
}

/** Scrolls to the results when a comparison has ended, unless they are in sight. */
function useInSight(any: boolean): RefObject<HTMLElement | null> {
  const section = useRef<HTMLElement>(null);
  const running = useStore(useWorkspace().comparison, (state) => state.running);
  const ran = useRef(false);
  useEffect(() => {
    const ended = ran.current && !running;
    ran.current = running;
    const { top = 0 } = section.current?.getBoundingClientRect() ?? {};
    if (ended && any && (top < 0 || top > innerHeight / 2)) section.current?.scrollIntoView({ block: 'start' });
  }, [running, any]);
  return section;
}
