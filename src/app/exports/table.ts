import { AppError } from '../../errors.ts';
import { latexTable } from '../../exports/latex.ts';
import {
  markdownTable,
  markdownText,
  type NamedResult,
  resultsCsv,
  resultsTable,
} from '../../exports/results-table.ts';
import type { ScoredSplit } from '../../types.ts';
import { jobs } from '../jobs/jobs.ts';
import { saveFile } from '../save-file.ts';
import type { Workspace } from '../workspace.ts';
import { openDataset, runFacts, runsOf } from './facts.ts';

export type TableFormat = 'latex' | 'markdown' | 'csv';

const FILES = {
  latex: { ending: 'tex', type: 'application/x-tex', write: latex },
  markdown: { ending: 'md', type: 'text/markdown', write: markdown },
  csv: { ending: 'csv', type: 'text/csv', write: resultsCsv },
} as const;

const CAPTIONS = { test: 'Test results', validation: 'Validation results' } as const;

/** Saves the table of results of these runs, test and validation. */
export function exportTable(workspace: Workspace, runIds: readonly string[], format: TableFormat): void {
  try {
    const { dataset } = openDataset(workspace);
    const { ending, type, write } = FILES[format];
    const runs = runsOf(workspace, runIds).map(runFacts);
    if (scored(runs).length === 0) {
      throw new AppError('dataset-unusable', 'There is no table of results yet: none of these runs could be scored.');
    }
    const text = write(runs, dataset.name);
    saveFile(new Blob([text], { type }), `${dataset.name} results.${ending}`);
  } catch (error) {
    jobs.fail('dashboard', error);
  }
}

const scored = (runs: readonly NamedResult[]): ScoredSplit[] =>
  (['test', 'validation'] as const).filter((split) => runs.some(({ result }) => result[split]));

const captionOf = (split: ScoredSplit, name: string) =>
  `${CAPTIONS[split]} on ${name}: shares in per cent, 95 % intervals in brackets.`;

function latex(runs: readonly NamedResult[], name: string): string {
  return scored(runs)
    .map((split) => latexTable(resultsTable(runs, split), captionOf(split, name), `tab:${split}-results`))
    .join('\n');
}

function markdown(runs: readonly NamedResult[], name: string): string {
  return scored(runs)
    .map((split) => `${markdownText(captionOf(split, name))}\n\n${markdownTable(resultsTable(runs, split))}`)
    .join('\n');
}
