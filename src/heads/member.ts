import { AppError } from '../errors.ts';
import { ARCHITECTURE_NAMES, isArchitecture } from '../models/specs/architectures.ts';
import type { BackboneName, FeaturesName } from '../types.ts';

/** Whether an embedding is the backbone's features or a trained head's projection of them. */
export type HeadKind = 'frozen' | 'finetuned';

/** One part of a model: a backbone with or without a head. A model is one member, an ensemble several. */
export interface Member {
  readonly backbone: BackboneName;
  readonly head: HeadKind;
}

/** A member whose features may be the user's own. */
export type NamedMember = Omit<Member, 'backbone'> & { readonly backbone: FeaturesName };

const DESCRIPTOR = 'colour-gradient' satisfies BackboneName;

/**
 * The members that a name stands for: backbones joined by `+`, each with `:frozen` or `:finetuned` where its head is
 * not `head`, as in `resnet50+resnet50:frozen`. Throws AppError 'bad-argument' that names what is wrong.
 */
export function parseModel(name: string, head: HeadKind): readonly Member[] {
  const members = name.split('+').map((part): Member => {
    const [backbone = '', kind = head, ...rest] = part.trim().split(':');
    if (!isBackbone(backbone)) {
      throw refused(name, `there is no backbone "${backbone}"; ${suggestion(nearestTo(backbone))}`);
    }
    if (!isHeadKind(kind) || rest.length > 0) {
      throw refused(name, `"${part.trim()}" may end in ":frozen" or ":finetuned" and nothing else`);
    }
    return { backbone, head: kind };
  });
  const parts = members.map((member) => formatModel([member], head));
  const repeated = parts.find((part, i) => parts.indexOf(part) < i);
  if (repeated !== undefined) throw refused(name, `"${repeated}" is named twice`);
  return members;
}

/** The name of these members, in their order; heads that are `head` go without saying. */
export function formatModel(members: readonly NamedMember[], head: HeadKind): string {
  return members.map((member) => member.backbone + (member.head === head ? '' : `:${member.head}`)).join('+');
}

export function isBackbone(name: unknown): name is BackboneName {
  return isArchitecture(name) || name === DESCRIPTOR;
}

/** Every backbone's name, in the order of the specs. */
export const BACKBONE_NAMES: readonly BackboneName[] = [...ARCHITECTURE_NAMES, DESCRIPTOR];

/** The share of a name's letters that may differ: beyond it, it is another word. */
const FAULTS = 0.34;

/** The names that are written most like it, at most three; none where none is like it. */
function nearestTo(name: string): BackboneName[] {
  const asked = name.toLowerCase();
  const isPart = (known: string) => asked.length >= 3 && known.includes(asked);
  return BACKBONE_NAMES.map((known) => ({ known, faults: isPart(known) ? 0 : distance(asked, known) }))
    .filter(({ known, faults }) => faults <= FAULTS * Math.min(asked.length, known.length))
    .sort((a, b) => a.faults - b.faults || a.known.length - b.known.length)
    .slice(0, 3)
    .map(({ known }) => known);
}

function suggestion(nearest: readonly string[]): string {
  if (nearest.length === 0) return 'the models screen lists all names, and so does --help';
  return nearest.length === 1 ? `the nearest name is ${nearest[0]}` : `the nearest names are ${nearest.join(', ')}`;
}

/** Letters to be put in, taken out or replaced, to make one of the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (letter === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function isHeadKind(kind: string): kind is HeadKind {
  return kind === 'frozen' || kind === 'finetuned';
}

function refused(name: string, reason: string): AppError {
  return new AppError('bad-argument', `"${name}" is no model: ${reason}.`);
}
