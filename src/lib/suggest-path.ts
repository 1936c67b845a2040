// "Did you mean" for whole paths: the known path that is nearest to a misspelt, misplaced or incomplete one.
import type { FieldNode } from './field-tree.ts';
import { editDistance, nearestName } from './nearest.ts';

/** Longer paths or parts are no misspellings; this bounds the work for hostile input. */
const maxParts = 16;
const maxPartLength = 256;
/** At most this many repairs (rename, leave out, put in) make a suggestion worth showing. */
const maxRepairs = 3;
/** To leave one part out and put another in would be to rename it, however far apart the names are: too dear. */
const omission = 1.6;
const insertion = 1.5;

/** What was most likely meant. */
export type Suggestion = {
  readonly path: readonly string[];
  /** Whether the value that stands there must not be shown. */
  readonly secret: boolean;
};

type Found = Suggestion & { readonly cost: number };

/**
 * The nearest path that the tree knows, user-chosen names and right parts as written; undefined when none is near.
 * A part may be renamed, left out, or a missing section put in, three repairs in all.
 */
export function suggestPath(root: FieldNode, path: readonly string[]): Suggestion | undefined {
  if (path.length > maxParts || path.some((part) => part.length > maxPartLength)) return undefined;
  return search(root, path, maxRepairs);
}

function search(node: FieldNode, rest: readonly string[], budget: number): Found | undefined {
  if (budget < 0) return undefined;
  const [part, ...others] = rest;
  const secret = node.info.secret === true || node.opaque;
  if (part === undefined) return endsWell(node) ? { path: [], cost: 0, secret } : undefined;
  if (node.opaque || node.info.kind === 'text-map') return { path: rest, cost: 0, secret };
  if (node.info.kind === 'section-map') return prefixed(part, node.entry, others, budget, 0);
  if (node.info.kind !== 'section') return { path: [], cost: rest.length, secret };
  const name = part.replace(/\[\d+\]$/, '');
  const index = part.slice(name.length);
  const known = node.fields.get(name.toLowerCase());
  if (known !== undefined) {
    const indexed = index === '' && known.info.kind === 'section-list' && others.length > 0;
    const direct = indexed
      ? prefixed(`${part}[0]`, known.entry, others, budget, 1)
      : prefixed(part, below(known, index), others, budget, 0);
    if (direct !== undefined) return direct;
  }
  return cheapest([
    // A part that is right as it stands needs no other name; `http` is no misspelt `tcp`.
    ...(known === undefined ? renamed(node, name, index, others, budget) : []),
    omitted(node, others, budget),
    ...inserted(node, rest, budget),
  ]);
}

/** A whole option or a section that may stand alone. */
function endsWell(node: FieldNode): boolean {
  const { kind, allowEmpty } = node.info;
  return kind === 'section'
    ? allowEmpty === true
    : kind !== 'section-map' && kind !== 'section-list' && kind !== 'text-map';
}

function below(known: FieldNode, index: string): FieldNode | undefined {
  return index === '' ? known : known.entry;
}

function prefixed(
  part: string,
  node: FieldNode | undefined,
  others: readonly string[],
  budget: number,
  cost: number,
): Found | undefined {
  if (node === undefined) return undefined;
  const found = search(node, others, budget - cost);
  if (found === undefined || found.cost + cost > budget) return undefined;
  return { ...found, path: [part, ...found.path], cost: found.cost + cost };
}

function renamed(
  node: FieldNode,
  name: string,
  index: string,
  others: readonly string[],
  budget: number,
): (Found | undefined)[] {
  const near = nearestName(name, names(node));
  if (near === undefined) return [];
  const field = node.fields.get(near.toLowerCase());
  // Nearer names win over equally many repairs elsewhere.
  const cost = 1 + editDistance(name.toLowerCase(), near.toLowerCase()) / 10;
  return [field && prefixed(near + index, below(field, index), others, budget, cost)];
}

function omitted(node: FieldNode, others: readonly string[], budget: number): Found | undefined {
  if (others.length === 0) return undefined;
  const found = search(node, others, budget - omission);
  return found && { ...found, cost: found.cost + omission };
}

/** Puts in a section that the user left out, such as `loadbalancer` before `server.port`. */
function inserted(node: FieldNode, rest: readonly string[], budget: number): (Found | undefined)[] {
  const first = rest[0]?.replace(/\[\d+\]$/, '').toLowerCase() ?? '';
  return [...node.fields.values()].map((field) =>
    field.fields.has(first) ? prefixed(field.name, field, rest, budget, insertion) : undefined,
  );
}

function names(node: FieldNode): string[] {
  return [...node.fields.values()]
    .filter((field) => field.info.deprecated === undefined)
    .map((field) => field.name);
}

function cheapest(candidates: readonly (Found | undefined)[]): Found | undefined {
  let best: Found | undefined;
  for (const candidate of candidates) {
    if (candidate !== undefined && (best === undefined || candidate.cost < best.cost)) best = candidate;
  }
  return best;
}
