// Several containers declare one name: are they replicas that agree, replicas of which one is newer, or in conflict?
// Source of "equal or neither": Traefik v3.7, provider/merge. A conflict stays visible instead of vanishing. Of files the
// first one counts (ResourceStrategySkipDuplicates).
import { sameValue } from '../../lib/same-value.ts';
import type { Diagnostic, ObjectKind } from '../../model/diagnostic.ts';
import type { Declared } from '../../model/provider-config.ts';
import { type Definition, hasError } from './declarations.ts';

type Options = Pick<Declared<unknown>, 'options' | 'places'>;

/** What several definitions of one name come to. */
export type Judgement<Def> = {
  /** The definition whose options count. */
  readonly chosen: Def;
  /** Faults of the merged object. */
  readonly faults: readonly Diagnostic[];
  /** Faults of definitions that do not count: they must not stop the object. */
  readonly overruled: readonly Diagnostic[];
};

/** What becomes of a name that several declare differently, if they are no replicas of one another. */
export type ConflictPolicy = 'neither' | 'first';

/**
 * Judges two or more definitions of one name, sorted by the ids of their containers. `shownAs` gives its name in
 * diagnostics.
 */
export function judgeGroup<Def extends Definition<Options>>(
  kind: ObjectKind,
  provider: string,
  group: readonly [Def, ...Def[]],
  shownAs: (name: string) => string = (name) => name,
): Judgement<Def> {
  const [first] = group;
  const other = group.find((definition) => definition.fingerprint !== first.fingerprint);
  if (other === undefined) {
    return { chosen: first, faults: distinct(group.flatMap(({ faults }) => faults)), overruled: [] };
  }
  const { composeService } = first.declarer;
  const areReplicas =
    composeService !== undefined && group.every(({ declarer }) => declarer.composeService === composeService);
  return areReplicas ? newest(kind, provider, group, shownAs) : conflict(kind, provider, group, shownAs);
}

/** During a rolling update both versions run; the newer one that can be used is what the user wants. */
function newest<Def extends Definition<Options>>(
  kind: ObjectKind,
  provider: string,
  group: readonly [Def, ...Def[]],
  shownAs: (name: string) => string,
): Judgement<Def> {
  const byAge = sortedByAge(group).reverse();
  const chosen = byAge.find(isUsable) ?? byAge[0] ?? group[0];
  const older = byAge.find(({ fingerprint }) => fingerprint !== chosen.fingerprint) ?? chosen;
  const { name, declarer } = chosen;
  const relation =
    byAge.indexOf(chosen) < byAge.indexOf(older) ? 'the newer one' : 'the newest that is free of faults';
  const note: Diagnostic = {
    severity: 'warning',
    code: 'name-conflict',
    provider,
    object: { kind, name: shownAs(name) },
    container: declarer.name,
    message: `Replicas of the Compose service ${declarer.composeService ?? ''} declare the ${kind} ${name} differently${differences(older, chosen)}: what ${declarer.name} says, ${relation}, is used, and not what ${older.declarer.name} says.`,
    hint: 'This is normal during an update. If it lasts, create the older containers anew.',
  };
  const agreeing = group.filter(({ fingerprint }) => fingerprint === chosen.fingerprint);
  const others = group.filter(({ fingerprint }) => fingerprint !== chosen.fingerprint);
  return {
    chosen,
    faults: [...distinct(agreeing.flatMap(({ faults }) => faults)), note],
    overruled: distinct(others.flatMap(({ faults }) => faults)),
  };
}

function conflict<Def extends Definition<Options>>(
  kind: ObjectKind,
  provider: string,
  group: readonly [Def, ...Def[]],
  shownAs: (name: string) => string,
): Judgement<Def> {
  const [oldest = group[0], ...rest] = sortedByAge(group);
  const other = rest.find(({ fingerprint }) => fingerprint !== oldest.fingerprint) ?? oldest;
  const { name } = oldest;
  const more = new Set(group.map(({ fingerprint }) => fingerprint)).size - 2;
  const note: Diagnostic = {
    severity: 'error',
    code: 'name-conflict',
    provider,
    object: { kind, name: shownAs(name) },
    container: oldest.declarer.name,
    message: `The containers ${oldest.declarer.name} and ${other.declarer.name}${more > 0 ? ` (and ${more} more)` : ''} declare the ${kind} ${name} differently${differences(oldest, other)}, so that neither is used.`,
    hint: `Give one of them another ${kind} name, or make their labels equal.`,
  };
  return {
    chosen: oldest,
    faults: [note, ...distinct(group.flatMap(({ faults }) => faults))],
    overruled: [],
  };
}

/** Files in the order of their names. */
export function firstOf<Def extends Definition<Options>>(
  kind: ObjectKind,
  provider: string,
  [chosen, ...others]: readonly [Def, ...Def[]],
  shownAs: (name: string) => string = (name) => name,
): Judgement<Def> {
  const notes = others.map((other): Diagnostic => {
    const place = other.alone?.places?.[''];
    return {
      severity: 'warning',
      code: 'name-conflict',
      provider,
      object: { kind, name: shownAs(chosen.name) },
      ...(place === undefined ? {} : { place }),
      message: `The ${kind} ${chosen.name} stands in ${chosen.declarer.name} too, which comes first: what ${other.declarer.name} says is not used.`,
      hint: `Give one of them another name.`,
    };
  });
  return { chosen, faults: [...chosen.faults, ...notes], overruled: [] };
}

function isUsable(definition: Definition<Options>): boolean {
  return definition.alone !== undefined && !hasError(definition.faults);
}

/** Oldest first; ids decide between containers of one moment. */
function sortedByAge<Def extends Definition<Options>>(group: readonly Def[]): Def[] {
  return group.toSorted(
    ({ declarer: one }, { declarer: other }) => one.created - other.created || (one.id < other.id ? -1 : 1),
  );
}

/** Names of the options that differ, never their values, which may be secret. */
function differences(one: Definition<Options>, other: Definition<Options>): string {
  const [left, right] = [optionsOf(one), optionsOf(other)];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  const differing = keys.filter((key) => !sameValue(left[key], right[key]));
  return differing.length === 0 ? '' : ` (${differing.join(', ')})`;
}

function optionsOf({ alone }: Definition<Options>): Readonly<Record<string, unknown>> {
  const options = (alone?.options ?? {}) as Readonly<Record<string, unknown>>;
  // A middleware holds its options one level deeper, beside its kind.
  const inner = options.options;
  return typeof inner === 'object' && inner !== null ? { kind: options.kind, ...inner } : options;
}

/** One of each fault: replicas repeat theirs. */
export function distinct(faults: readonly Diagnostic[]): readonly Diagnostic[] {
  if (faults.length < 2) return faults;
  const seen = new Map<string, Diagnostic>();
  for (const fault of faults) {
    const key = `${fault.severity} ${fault.code} ${fault.label ?? ''} ${fault.message}`;
    if (!seen.has(key)) seen.set(key, fault);
  }
  return [...seen.values()];
}
