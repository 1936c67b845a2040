// The draft: flat entries sorted into the shape of the field tree, before their texts are turned into values.
import { coerceValue, showValue } from './coerce-value.ts';
import {
  type DecodeFault,
  type DecodeOptions,
  type FaultSink,
  shownParts,
  spellPath,
} from './decode-fault.ts';
import { type FieldNode, isLeaf } from './field-tree.ts';
import { parseHumanBool } from './go-bool.ts';

/** One place of the schema with what was given for it. */
export type Draft = {
  readonly node: FieldNode;
  /** Canonical names, user-chosen ones as first spelt. */
  readonly path: readonly string[];
  /** The first entry that led here. */
  source: string;
  /** What was given for this very place, rather than for something below it. */
  bare?: { readonly value: string; readonly source: string };
  /** How the entry in `bare` is read; without one, how the first entry below is. */
  options: DecodeOptions;
  /** By lower-case name, in the order of appearance. */
  readonly children: Map<string, Draft>;
};

/** An empty draft of one place. */
export function newDraft(
  node: FieldNode,
  path: readonly string[],
  source: string,
  options: DecodeOptions,
): Draft {
  return { node, path, source, options, children: new Map() };
}

/** Turns a draft into its value; undefined where the place counts as absent. */
export function finishDraft(draft: Draft, report: FaultSink): unknown {
  return finish(draft, report, true);
}

function finish(draft: Draft, report: FaultSink, sayNotYet: boolean): unknown {
  const { node } = draft;
  // What is switched off asks for nothing that could be missing.
  if (node.info.kind !== 'text-map' && !isLeaf(node) && !isSwitchedOn(draft, report)) return undefined;
  const notYet = sayNotYet && node.info.notYet === true;
  if (notYet) reportNotYet(draft, report);
  if (node.info.deprecated !== undefined) {
    fault(draft, report, 'deprecated', 'warning', `${node.name} is deprecated.`, node.info.deprecated);
  }
  if (node.opaque) return undefined;
  // What stands below an option that is not there yet needs no second message.
  const below = sayNotYet && !notYet;
  if (isLeaf(node)) return finishLeaf(draft, report);
  if (node.info.kind === 'text-map') return finishTextMap(draft, report);
  if (node.info.kind === 'section-list') return finishList(draft, report, below);
  const values: [string, unknown][] = [];
  for (const entry of draft.children.values()) {
    const value = finish(entry, report, below);
    if (value !== undefined) values.push([entry.path.at(-1) ?? '', value]);
  }
  if (node.info.kind === 'section') reportMissing(draft, report);
  // fromEntries defines own properties, so that a name such as __proto__ stays a name.
  return Object.fromEntries(values);
}

function finishLeaf(draft: Draft, report: FaultSink): unknown {
  if (draft.bare === undefined) return undefined;
  const coerced = coerceValue(draft.bare.value, draft.node.info, draft.options.mode);
  if (coerced.ok) return coerced.value;
  fault(draft, report, 'wrong-type', 'error', coerced.message, coerced.hint, coerced.meant);
  return undefined;
}

function finishTextMap(draft: Draft, report: FaultSink): unknown {
  if (draft.bare !== undefined) standsAlone(draft, report);
  const pairs = [...draft.children.values()].map((entry): [string, string] => [
    entry.path.at(-1) ?? '',
    entry.bare?.value ?? '',
  ]);
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function finishList(draft: Draft, report: FaultSink, below: boolean): unknown {
  const byNumber = [...draft.children.values()].sort((one, other) => index(one) - index(other));
  // Traefik reads labels in byte order, so that [10] comes before [2].
  const byBytes = byNumber.toSorted((one, other) => (digits(one) < digits(other) ? -1 : 1));
  const misordered = byBytes.find((entry, position) => entry !== byNumber[position]);
  if (misordered !== undefined && draft.options.mode === 'traefik') {
    const message = `Traefik sorts indexes as text, so that [${index(misordered)}] comes before smaller numbers.`;
    fault(
      draft,
      report,
      'misread',
      'warning',
      message,
      'Write indexes with equally many digits, as in [02].',
    );
  }
  return (draft.options.mode === 'traefik' ? byBytes : byNumber)
    .map((entry) => finish(entry, report, below))
    .filter((value) => value !== undefined);
}

function digits(entry: Draft): string {
  return /\[(\d+)\]$/.exec(entry.path.at(-1) ?? '')?.[1] ?? '';
}

function index(entry: Draft): number {
  return Number(digits(entry));
}

/** Whether a section counts as given, which a bare value decides where one is allowed (Traefik's "allowEmpty"). */
function isSwitchedOn(draft: Draft, report: FaultSink): boolean {
  const { bare, node } = draft;
  if (bare === undefined || (node.opaque && node.info.allowEmpty !== true)) return true;
  if (node.info.allowEmpty !== true) {
    standsAlone(draft, report);
    return draft.children.size > 0;
  }
  if (bare.value === '' || bare.value.toLowerCase() === 'true') return true;
  const meant = parseHumanBool(bare.value);
  if (draft.options.mode === 'strict') {
    if (meant !== undefined) return meant;
    const message = `${showValue(bare.value, node.info)} does not switch ${node.name} on or off.`;
    fault(draft, report, 'wrong-type', 'error', message, 'Write true or false.');
    return false;
  }
  if (meant !== false || draft.children.size > 0) {
    const message = `Traefik reads ${showValue(bare.value, node.info)} as false and switches ${node.name} off, with all that is set below it.`;
    const hint =
      meant === false ? 'Remove it, or what stands below it.' : `Write true to switch ${node.name} on.`;
    const fix = meant === true ? 'true' : undefined;
    fault(draft, report, 'misread', 'warning', message, hint, fix);
  }
  return false;
}

/** A section that is given a value of its own: an error, unless something below it makes Traefik overlook the value. */
function standsAlone(draft: Draft, report: FaultSink): void {
  const { node, path } = draft;
  const overlooked = draft.options.mode === 'traefik' && draft.children.size > 0;
  const what = node.name === '' ? (path.at(-1) ?? '') : node.name;
  const message = `${what} takes no value of its own${overlooked ? '; Traefik overlooks it' : ''}.`;
  const example = exampleBelow(node);
  const hint =
    node.info.kind === 'text-map'
      ? `Write a name behind it, as in ${spellPath([...path, 'name'], draft.options)}.`
      : node.info.kind === 'section-list'
        ? `Write an index behind it, as in ${spellPath([...path.slice(0, -1), `${what}[0]`], draft.options)}.`
        : example.length === 0
          ? undefined
          : `Set one of its options, such as ${spellPath([...path, ...example], draft.options)}.`;
  fault(
    draft,
    report,
    overlooked ? 'misread' : 'wrong-type',
    overlooked ? 'warning' : 'error',
    message,
    hint,
  );
}

/** The path to the first option below a section. */
function exampleBelow(node: FieldNode): readonly string[] {
  const first = node.fields.values().next().value;
  return first === undefined ? [] : [first.name, ...exampleBelow(first)];
}

function reportMissing(draft: Draft, report: FaultSink): void {
  for (const name of draft.node.required) {
    const given = draft.children.get(name.toLowerCase());
    if (given !== undefined && given.bare?.value !== '') continue;
    const message = `${[...draft.path.slice(-1), name].join('.')} is missing.`;
    fault(
      draft,
      report,
      'missing',
      'error',
      message,
      `Set ${spellPath([...draft.path, name], draft.options)}.`,
    );
  }
}

function reportNotYet(draft: Draft, report: FaultSink): void {
  const what = draft.node.name === '' ? draft.path.slice(-2).join('.') : draft.node.name;
  const message = `Traefik has ${what}; Berth does not have it yet.`;
  fault(draft, report, 'not-yet', 'warning', message, draft.node.info.notYetHint);
}

function fault(
  draft: Draft,
  report: FaultSink,
  code: DecodeFault['code'],
  severity: DecodeFault['severity'],
  message: string,
  hint?: string,
  meant?: string,
): void {
  const { bare, node, path } = draft;
  const secret = node.info.secret === true || node.opaque;
  const source = bare?.source ?? draft.source;
  const fix = meant === undefined ? undefined : { key: source, value: meant };
  report({
    code,
    severity,
    source,
    path,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...shownParts(secret, bare?.value, fix),
  });
}
