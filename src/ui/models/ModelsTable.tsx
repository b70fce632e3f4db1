import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ModelRow } from '../../app/models/models.ts';
import { HEADLINE, metricOf } from '../../metrics/registry.ts';
import { formatCount } from '../format.ts';
import { MetricExplanation } from '../runs/metric-columns.tsx';
import { Embedded, Score, Tick, WeightsAction, WeightsName, WeightsState } from './cells.tsx';
import styles from './models.module.css';
import { groupedRows, groupWords, sizeOf } from './weights-words.ts';

interface ModelsTableProps {
  readonly rows: readonly ModelRow[];
  readonly images: number;
  /** Whether there are scores, or can be. */
  readonly scored: boolean;
}

export function ModelsTable({ rows, images, scored }: ModelsTableProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Use</th>
          <th scope="col">Weights</th>
          <th scope="col" className={styles.numeric}>
            Features, size
          </th>
          <th scope="col">State</th>
          <th scope="col" className={styles.numeric}>
            Embedded
          </th>
          {scored ? <ScoreHeads /> : null}
          <th scope="col">
            <VisuallyHidden>Cached weights</VisuallyHidden>
          </th>
        </tr>
      </thead>
      {groupedRows(rows).map(({ group, rows: together }) => (
        <tbody key={group}>
          <tr>
            <th colSpan={scored ? 10 : 6} scope="rowgroup" className={styles.group}>
              {groupWords[group].title} <span className={styles.groupLine}>{groupWords[group].line}</span>
            </th>
          </tr>
          {together.map((row) => (
            <tr key={row.weights.id}>
              <td>
                <Tick row={row} />
              </td>
              <th scope="row" className={styles.nameCell}>
                <WeightsName weights={row.weights} />
              </th>
              <td className={styles.numeric}>
                {formatCount(row.weights.features)}
                <span className={styles.second}>{sizeOf(row.weights)}</span>
              </td>
              <td className={styles.stateCell}>
                <WeightsState row={row} images={images} />
              </td>
              <td className={`${styles.numeric} ${styles.embedded}`}>
                <Embedded row={row} images={images} />
              </td>
              {scored ? <Scores row={row} /> : null}
              <td>
                <WeightsAction row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function ScoreHeads() {
  return (
    <>
      <th scope="col" className={styles.numeric}>
        Top-1
      </th>
      <th scope="col" className={styles.numeric}>
        Top-5
      </th>
      <th scope="col" className={`${styles.numeric} ${styles.interval}`}>
        <span className={styles.term}>
          Top-10 <MetricExplanation metric={HEADLINE} />
        </span>
      </th>
      <th scope="col" className={styles.numeric}>
        <span className={styles.term}>
          mAP@R <MetricExplanation metric={metricOf('mapAtR')} />
        </span>
      </th>
    </>
  );
}

function Scores({ row: { scores } }: { readonly row: ModelRow }) {
  return (
    <>
      <td className={styles.numeric}>
        <Score share={scores?.topk['1']} />
      </td>
      <td className={styles.numeric}>
        <Score share={scores?.topk['5']} />
      </td>
      <td className={styles.numeric}>
        <Score share={scores?.topk['10']} interval={scores?.ci95['10']} />
      </td>
      <td className={styles.numeric}>
        <Score share={scores?.mapAtR} />
      </td>
    </>
  );
}

interface ModelCardsProps {
  readonly rows: readonly ModelRow[];
  readonly images: number;
}

/** The rows of the table, one below the other, for narrow windows. */
export function ModelCards({ rows, images }: ModelCardsProps) {
  return groupedRows(rows).map(({ group, rows: together }) => (
    <section key={group} aria-labelledby={`group-${group}`}>
      <h2 id={`group-${group}`} className={styles.groupHeading}>
        {groupWords[group].title} <span className={styles.groupHeadingLine}>{groupWords[group].line}</span>
      </h2>
      <ul className={styles.cards}>
        {together.map((row) => (
          <li key={row.weights.id} className={styles.card}>
            <Tick row={row} />
            <div>
              <WeightsName weights={row.weights} />
            </div>
            <div>
              <WeightsAction row={row} />
            </div>
            <dl className={styles.facts}>
              <Fact name="Features, size">
                {formatCount(row.weights.features)}, {sizeOf(row.weights)}
              </Fact>
              <Fact name="State">
                <WeightsState row={row} images={images} />
              </Fact>
              <Fact name="Embedded">
                <Embedded row={row} images={images} />
              </Fact>
              {row.scores === null ? null : (
                <>
                  <Fact name="Top-1, top-5">
                    <Score share={row.scores.topk['1']} />, <Score share={row.scores.topk['5']} />
                  </Fact>
                  <Fact name="Top-10" explanation={<MetricExplanation metric={HEADLINE} />}>
                    <Score share={row.scores.topk['10']} interval={row.scores.ci95['10']} />
                  </Fact>
                  <Fact name="mAP@R" explanation={<MetricExplanation metric={metricOf('mapAtR')} />}>
                    <Score share={row.scores.mapAtR} />
                  </Fact>
                </>
              )}
            </dl>
          </li>
        ))}
      </ul>
    </section>
  ));
}

interface FactProps {
  readonly name: string;
  readonly explanation?: ReactNode;
  readonly children: ReactNode;
}

function Fact({ name, explanation, children }: FactProps) {
  return (
    <div>
      <dt>
        {name} {explanation}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
