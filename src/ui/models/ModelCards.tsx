import type { ReactNode } from 'react';
import type { ModelRow } from '../../app/models/models.ts';
import { HEADLINE, metricOf } from '../../metrics/registry.ts';
import { formatCount } from '../format.ts';
import { MetricExplanation } from '../runs/MetricExplanation.tsx';
import { Embedded, Score, Tick, WeightsAction, WeightsName, WeightsState } from './cells.tsx';
import styles from './ModelCards.module.css';
import { groupedRows, groupWords, sizeOf } from './weights-words.ts';

interface ModelCardsProps {
  readonly rows: readonly ModelRow[];
  readonly images: number;
}

/** The rows of the table, one below the other, for narrow windows. */
export function ModelCards({ rows, images }: ModelCardsProps) {
  return groupedRows(rows).map(({ group, rows: together }) => (
    <section key={group} aria-labelledby={`group-${group}`}>
      <h2 id={`group-${group}`} className={styles.group}>
        {groupWords[group].title} <span className={styles.groupLine}>{groupWords[group].line}</span>
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
