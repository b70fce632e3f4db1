import { MODEL_GROUPS, type ModelGroup, type ModelRow } from '../../app/models/models.ts';
import { factsOf } from '../../app/models/weights-facts.ts';
import type { Weights } from '../../types.ts';
import { formatBytes, formatMillions } from '../format.ts';

/** What stands above each group of sets, and what they have in common. */
export const groupWords: Readonly<Record<ModelGroup, { readonly title: string; readonly line: string }>> = {
  here: { title: 'At hand', line: 'in this browser, or in need of no weights' },
  served: { title: 'On this app’s server', line: 'downloaded from there when they are used' },
  paper: { title: 'The paper’s three', line: 'the networks that retrieval papers compare' },
  light: { title: 'Light', line: 'quick on modest machines' },
  strong: { title: 'Strong', line: 'the best features; they want a graphics card' },
  hub: { title: 'Others of the hub', line: 'looked up by you' },
};

export interface GroupedRows {
  readonly group: ModelGroup;
  readonly rows: readonly ModelRow[];
}

/** The groups that have rows, in their order. */
export function groupedRows(rows: readonly ModelRow[]): GroupedRows[] {
  return MODEL_GROUPS.map((group) => ({ group, rows: rows.filter((row) => row.group === group) })).filter(
    (grouped) => grouped.rows.length > 0,
  );
}

/** The name that its authors gave the set, as `resnet50.tv_in1k`; null for the descriptor, which has no weights. */
export const tagOf = ({ id, origin }: Weights): string | null =>
  origin === 'built-in' || origin === 'own' ? null : id;

/** Where a set of weights comes from. */
function originOf({ id, origin, repository }: Weights): string {
  switch (origin) {
    case 'built-in':
      return 'built in';
    case 'origin':
      return 'this app’s server';
    case 'hub':
      return repository === null || repository === `timm/${id}`
        ? 'Hugging Face hub'
        : `Hugging Face hub, ${repository}`;
    case 'local':
    case 'own':
      return 'your file';
  }
}

/** "BSD-3-Clause, from this app’s server". */
export function provenanceOf(weights: Weights): string {
  const { licence, origin } = weights;
  if (origin === 'built-in' || origin === 'own') return originOf(weights);
  return `${licence ?? 'licence unknown'}, from ${origin === 'hub' ? 'the ' : ''}${originOf(weights)}`;
}

/** "CC-BY-NC-4.0 forbids commercial use"; null where the licence asks for no more than to name the authors. */
export function limitsOf(weights: Weights): string | null {
  const { limits } = factsOf(weights);
  return limits === null ? null : `${weights.licence} ${limits}`;
}

/** "23.6 million parameters"; null for the descriptor. */
export function parametersWords(weights: Weights): string | null {
  const { parameters } = factsOf(weights);
  return parameters === null ? null : `${formatMillions(parameters)} parameters`;
}

export function sizeOf(weights: Weights): string {
  const { bytes } = weights;
  const { parameters } = factsOf(weights);
  // 32-bit numbers, as most are; a classifier comes on top.
  if (bytes === null) return parameters === null ? 'size unknown' : `about ${formatBytes(4 * parameters)}`;
  return bytes === 0 ? 'no download' : formatBytes(bytes);
}
