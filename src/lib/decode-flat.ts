// Decodes flat configuration (labels, flags, variables) by an annotated schema. Each entry is walked along the field
// tree once, so the cost is linear in the input. Faults are data: nothing throws.
import { coerceValue } from './coerce-value.ts';
import {
  type Decoded,
  type DecodeFault,
  type DecodeOptions,
  type FaultSink,
  shownParts,
  spellPath,
} from './decode-fault.ts';
import { type Draft, finishDraft, newDraft } from './draft.ts';
import { type FieldNode, isLeaf } from './field-tree.ts';
import { nearestName } from './nearest.ts';
import { suggestPath } from './suggest-path.ts';

/** One label, flag or variable. */
export type FlatEntry = {
  /** The parts of the key as spelt, without the root word. */
  readonly path: readonly string[];
  readonly value: string;
  /** The label, flag or variable as the user wrote it. */
  readonly source: string;
  /** How this entry is read, where entries of several dialects are decoded together. */
  readonly options?: DecodeOptions;
};

/** A search for the nearest path costs about 50 µs; the suggestions after these help nobody. */
const maxSuggestions = 100;

/** Decodes entries in the given order; of two that mean the same field the last one wins. */
export function decodeFlat(entries: readonly FlatEntry[], root: FieldNode, options: DecodeOptions): Decoded {
  const faults: DecodeFault[] = [];
  const report: FaultSink = (fault) => faults.push(fault);
  const draft = newDraft(root, [], '', options);
  let suggestions = 0;
  for (const entry of entries) {
    const dialect = entry.options ?? options;
    const stop = place(entry, draft, report, dialect);
    if (stop === undefined) continue;
    const near = suggestions++ < maxSuggestions ? suggestPath(root, entry.path) : undefined;
    const key = near && spellPath(near.path, dialect);
    const hint = key === undefined ? stop.hint : `Did you mean ${key}?`;
    report({
      ...stop.fault,
      ...(hint === undefined ? {} : { hint }),
      ...(near === undefined ? {} : { suggestion: near.path }),
      // Where nothing is near, the value may be the secret of an option whose name nobody could guess.
      ...shownParts(
        near?.secret ?? true,
        entry.value,
        key === undefined ? undefined : { key, value: entry.value },
      ),
    });
  }
  const value = finishDraft(draft, report);
  return { value: value ?? {}, faults };
}

type Stop = { readonly fault: DecodeFault; readonly hint?: string | undefined };

/** Puts one entry into the draft; returns the fault if its path leads nowhere. */
function place(entry: FlatEntry, root: Draft, report: FaultSink, options: DecodeOptions): Stop | undefined {
  let draft = root;
  for (const [depth, part] of entry.path.entries()) {
    draft.source ||= entry.source;
    const { node } = draft;
    if (node.opaque) return undefined;
    if (node.info.kind === 'text-map') {
      const key = entry.path.slice(depth).join('.');
      draft = child(draft, key, node, key, entry.source, options);
      break;
    }
    if (part === '') return stop(entry, draft, 'There is an empty part between two dots.');
    if (isLeaf(node)) {
      return stop(entry, draft, `"${node.name}" takes a value and has nothing below it.`);
    }
    const next = step(draft, part, depth === entry.path.length - 1, entry.source, options);
    if (next === undefined) {
      const known = [...node.fields.values()].map((field) => field.name);
      const near = nearestName(part, known);
      const fallback = near === undefined ? undefined : `Did you mean ${near}?`;
      return stop(entry, draft, `${shorten(part)} is not known here.`, fallback);
    }
    draft = next;
  }
  draft.source ||= entry.source;
  put(draft, entry, report, options);
  return undefined;
}

/** One part further down: into a field, a named entry, or an indexed one (`domains[0]`). */
function step(
  draft: Draft,
  part: string,
  isLast: boolean,
  source: string,
  options: DecodeOptions,
): Draft | undefined {
  const { node } = draft;
  if (node.info.kind === 'section-map') {
    return node.entry && child(draft, part, node.entry, part, source, options);
  }
  const bracket = part.indexOf('[');
  const name = bracket < 0 ? part : part.slice(0, bracket);
  const field = node.fields.get(name.toLowerCase());
  if (field === undefined) return undefined;
  const index = bracket < 0 ? undefined : /^\[(\d{1,9})\]$/.exec(part.slice(bracket))?.[1];
  if (field.info.kind !== 'section-list') {
    return bracket < 0 ? child(draft, field.name, field, field.name, source, options) : undefined;
  }
  // A list alone is reported as standing alone; with something below it the index is what is missing.
  if (bracket < 0) return isLast ? child(draft, field.name, field, field.name, source, options) : undefined;
  if (index === undefined || field.entry === undefined) return undefined;
  const list = child(draft, field.name, field, field.name, source, options);
  return entryOf(list, index, field.entry, source, options);
}

/** The entry of a list; its place is spelt as its users do: `domains[0]`. */
function entryOf(list: Draft, index: string, node: FieldNode, source: string, options: DecodeOptions): Draft {
  const existing = list.children.get(index);
  if (existing !== undefined) return existing;
  const path = [...list.path.slice(0, -1), `${list.path.at(-1) ?? ''}[${index}]`];
  const made = newDraft(node, path, source, options);
  list.children.set(index, made);
  return made;
}

/** Names differ by more than case; the first spelling stays (Traefik). */
function child(
  parent: Draft,
  key: string,
  node: FieldNode,
  name: string,
  source: string,
  options: DecodeOptions,
): Draft {
  const lower = key.toLowerCase();
  const existing = parent.children.get(lower);
  if (existing !== undefined) return existing;
  const made = newDraft(node, [...parent.path, name], source, options);
  parent.children.set(lower, made);
  return made;
}

function put(draft: Draft, entry: FlatEntry, report: FaultSink, options: DecodeOptions): void {
  const earlier = draft.bare;
  draft.bare = { value: entry.value, source: entry.source };
  draft.options = options;
  if (earlier === undefined || draft.node.opaque) return;
  if (options.repeatedLists === 'join' && draft.node.info.kind === 'text-list') {
    draft.bare = { value: `${earlier.value},${entry.value}`, source: entry.source };
    return;
  }
  if (earlier.source === entry.source || sameValue(earlier.value, entry.value, draft, options)) return;
  report({
    code: 'duplicate',
    severity: 'warning',
    source: earlier.source,
    path: draft.path,
    message: `It means the same field as ${entry.source}, whose value is used.`,
    hint: 'Keep one of the two.',
    ...shownParts(draft.node.info.secret === true, earlier.value),
  });
}

function sameValue(one: string, other: string, draft: Draft, options: DecodeOptions): boolean {
  if (one === other) return true;
  const [first, second] = [one, other].map((text) => coerceValue(text, draft.node.info, options.mode));
  return (
    first?.ok === true && second?.ok === true && JSON.stringify(first.value) === JSON.stringify(second.value)
  );
}

function stop(entry: FlatEntry, draft: Draft, message: string, hint?: string): Stop {
  return {
    fault: { code: 'unknown-key', severity: 'error', source: entry.source, path: draft.path, message },
    hint,
  };
}

function shorten(part: string): string {
  return JSON.stringify(part.length > 60 ? `${part.slice(0, 60)}…` : part);
}
