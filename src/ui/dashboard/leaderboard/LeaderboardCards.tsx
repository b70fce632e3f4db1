import type { RunRow } from '../../../state/comparison.ts';
import { figureOf, type ResultRow, seedOf } from '../../../state/result-rows.ts';
import type { ScoredSplit } from '../../../types.ts';
import { FigureCell } from '../../runs/FigureCell.tsx';
import { measures } from '../../runs/measures.tsx';
import { modelDetail } from '../../runs/result-words.ts';
import shared from '../../runs/runs.module.css';
import { JudgedCell, Model, Seeds } from './cells.tsx';
import styles from './Leaderboard.module.css';
import { rowWords } from './leaderboard-rows.ts';
import { type LeaderboardViewProps, markOf } from './leaderboard-view.ts';
import { TickRun } from './TickRun.tsx';

/** The rows of the table, one below the other, for narrow windows. */
export function LeaderboardCards(props: LeaderboardViewProps) {
  return (
    <ul className={shared.cards} aria-label="Leaderboard">
      {props.rows
        .filter(({ key }) => props.fitting.has(key))
        .map((row) => (
          <Card key={row.key} row={row} {...props} />
        ))}
    </ul>
  );
}

function Card({ row, ...view }: LeaderboardViewProps & { readonly row: ResultRow }) {
  const { split, labels, a, b, unfolded, onFold, judged, verdict } = view;
  const [first] = row.runs;
  const name = rowWords(row, labels);
  const chosen = row.runs.find(({ id }) => id === a || id === b) ?? null;
  const letterOf = ({ id }: RunRow) => (id === a ? 'A' : id === b ? 'B' : null);
  const alone = (run: RunRow) => b === null && run.id === a;
  const mark = markOf(row, verdict);
  return (
    <li className={shared.card}>
      <div className={shared.cardHead}>
        <Model row={row} labels={labels} detail={modelDetail(first)} a={a} b={b} />
        <TickRun
          runId={(chosen ?? first).id}
          name={name}
          letter={chosen && letterOf(chosen)}
          alone={chosen !== null && alone(chosen)}
        />
      </div>
      <dl className={shared.facts}>
        {measures.map(({ measure, title, explanation }) => (
          <div key={measure}>
            <dt>
              {title} {explanation}
            </dt>
            <dd>
              <JudgedCell runs={row.runs} split={split} measure={measure} mark={measure === judged ? mark : null} />
            </dd>
          </div>
        ))}
      </dl>
      {row.runs.length === 1 ? null : (
        <div>
          <Seeds row={row} name={name} unfolded={unfolded.has(row.key)} onFold={onFold} />
        </div>
      )}
      {row.runs.length > 1 && unfolded.has(row.key)
        ? row.runs.map((run) => (
            <div key={run.id} className={shared.cardSeed}>
              <div className={shared.cardHead}>
                <span className={shared.seedName}>seed {seedOf(run)}</span>
                <TickRun
                  runId={run.id}
                  name={`${name}, seed ${seedOf(run)}`}
                  letter={letterOf(run)}
                  alone={alone(run)}
                />
              </div>
              <SeedFigures run={run} split={split} />
            </div>
          ))
        : null}
    </li>
  );
}

function SeedFigures({ run, split }: { readonly run: RunRow; readonly split: ScoredSplit }) {
  return (
    <dl className={`${shared.facts} ${styles.seedFigures}`}>
      {measures.map(({ measure, title }) => (
        <div key={measure}>
          <dt>{title}</dt>
          <dd>
            <FigureCell figure={figureOf([run], split, measure)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
