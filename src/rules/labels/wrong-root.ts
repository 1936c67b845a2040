// Labels that were surely meant for the gateway and whose first word is wrong: Traefik passes over them in silence.
import { editDistance } from '../../lib/nearest.ts';
import { suggestPath } from '../../lib/suggest-path.ts';
import { labelFields } from './label-schema.ts';

/** The words with which labels for the gateway begin. */
export const labelRoots = ['traefik', 'berth'] as const;
/** One of them. */
export type LabelRoot = (typeof labelRoots)[number];

/** A misspelt label and what was meant. */
export type WrongRoot = {
  /** The first word as written. */
  readonly root: string;
  /** The whole key as it should read. */
  readonly meant: string;
  /** Whether the value may be shown. */
  readonly showsValue: boolean;
};

/** Second words that only a gateway's labels have; what Traefik v1 had counts too. */
const secondWords: ReadonlySet<string> = new Set([...labelFields.fields.keys(), 'frontend', 'backend']);

/** What a label's key was meant to be; undefined where it has nothing to do with the gateway. */
export function findWrongRoot(key: string): WrongRoot | undefined {
  const dot = key.indexOf('.');
  const root = dot < 0 ? key : key.slice(0, dot);
  if (root.length < 3 || root.length > 9) return undefined;
  const rest = dot < 0 ? [] : key.slice(dot + 1).split('.', 17);
  const wanted = labelRoots.find((known) => isMeant(known, root, rest[0] ?? ''));
  if (wanted === undefined) return undefined;
  if (rest.length === 0) return { root, meant: `${wanted}.enable`, showsValue: false };
  const near = suggestPath(labelFields, rest);
  return {
    root,
    meant: `${wanted}.${near?.path.join('.') ?? rest.join('.')}`,
    showsValue: near?.secret === false,
  };
}

function isMeant(known: LabelRoot, root: string, second: string): boolean {
  const word = root.toLowerCase();
  if (word === known) return true;
  const distance = editDistance(word, known, 3);
  // Words such as `north` or `traffic` are two edits away and have a life of their own, and nobody owns short ones:
  // unless what follows is a gateway's, they are left alone.
  if (distance === 1 && known === 'traefik') return true;
  return distance <= 2 && secondWords.has(second.toLowerCase());
}
