import { VisuallyHidden } from '@mantine/core';
import type { ModelRow } from '../../app/models/models.ts';
import { HEADLINE, metricOf } from '../../metrics/registry.ts';
import { formatCount } from '../format.ts';
import { MetricExplanation } from '../runs/MetricExplanation.tsx';
import { Embedded, Score, Tick, WeightsAction, WeightsName, WeightsState } from './cells.tsx';
import styles from './ModelsTable.module.css';
import { groupedRows, groupWords, sizeOf } from './weights-words.ts';

interface ModelsTableProps {
  readonly rows: readonly ModelRow[];
  readonly images: number;
}

export function ModelsTable({ rows, images }: ModelsTableProps) {
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
          <th scope="col">
            <VisuallyHidden>Cached weights</VisuallyHidden>
          </th>
        </tr>
      </thead>
      {groupedRows(rows).map(({ group, rows: together }) => (
        <tbody key={group}>
          <tr>
            <th colSpan={10} scope="rowgroup" className={styles.group}>
              {groupWords[group].title} <span className={styles.groupLine}>{groupWords[group].line}</span>
            </th>
          </tr>
          {together.map((row) => (
            <tr key={row.weights.id}>
              <td>
                <Tick row={row} />
              </td>
              <th scope="row" className={styles.name}>
                <WeightsName weights={row.weights} />
              </th>
              <td className={styles.numeric}>
                {formatCount(row.weights.features)}
                <span className={styles.second}>{sizeOf(row.weights)}</span>
              </td>
              <td className={styles.state}>
                <WeightsState row={row} images={images} />
              </td>
              <td className={`${styles.numeric} ${styles.embedded}`}>
                <Embedded row={row} images={images} />
              </td>
              <td className={styles.numeric}>
                <Score share={row.scores?.topk['1']} />
              </td>
              <td className={styles.numeric}>
                <Score share={row.scores?.topk['5']} />
              </td>
              <td className={styles.numeric}>
                <Score share={row.scores?.topk['10']} interval={row.scores?.ci95['10']} />
              </td>
              <td className={styles.numeric}>
                <Score share={row.scores?.mapAtR} />
              </td>
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
