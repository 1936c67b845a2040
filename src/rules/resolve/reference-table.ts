// What routers may refer to, and what is said when the reference leads nowhere.
import { nearestName } from '../../lib/nearest.ts';
import type { ObjectStatus } from '../../model/dynamic-config.ts';
import { qualifyName } from './qualify-name.ts';
import type { Verdict } from './verdict.ts';

/** An object to which others may refer. */
export type Referable = {
  readonly name: string;
  readonly status: ObjectStatus;
  readonly errors: readonly string[];
  /** Those of a service. */
  readonly middlewares?: readonly string[];
};

/** Where an object that refers to others finds them, by qualified name. */
export type Lookup<R = Referable> = {
  /** `circular`: it leads back to the object that asks. Undefined: there is none. */
  find(name: string): R | 'circular' | undefined;
  /** All that can be found, for suggestions. */
  names(): Iterable<string>;
};

type Referred = ReadonlyMap<string, Referable>;

/** By qualified name. */
export type ReferenceTables = { readonly services: Referred; readonly middlewares: Referred };

/** Finds what stands in a table. */
export function lookupIn<R>(table: ReadonlyMap<string, R>): Lookup<R> {
  return { find: (name) => table.get(name), names: () => table.keys() };
}

/** One reference of an object, as its option writes it. */
export type Reference = {
  readonly kind: 'service' | 'middleware';
  /** The option that holds it, such as `middlewares`. */
  readonly key: string;
  readonly written: string;
  readonly qualified: string;
  /** The entry point that adds it, where the object itself does not name it. */
  readonly entryPoint?: string | undefined;
};

/** Finds the nearest known name, or gives up when it has been asked too often. */
export type Suggest = (name: string, known: Iterable<string>) => string | undefined;

/**
 * A search compares a name with all that are known, so ten thousand broken references to one missing service would
 * cost a hundred million comparisons. Nobody reads more suggestions than this in one change.
 */
const maxSuggestions = 50;

/** Suggestions for one change of the configuration. */
export function createSuggest(): Suggest {
  let asked = 0;
  return (name, known) => {
    asked += 1;
    return asked > maxSuggestions ? undefined : nearestName(name, known);
  };
}

/** Adds to `verdict` what is wrong with a reference, if anything is; gives what it leads to if that can be used. */
export function checkReference<R extends Referable>(
  verdict: Verdict,
  reference: Reference,
  lookup: Lookup<R>,
  suggest: Suggest,
): R | undefined {
  const { key, written, qualified, entryPoint } = reference;
  const target = lookup.find(qualified);
  if (target !== undefined && target !== 'circular' && target.status !== 'disabled') return target;
  const { message, hint } = faultOf(reference, target, lookup, suggest);
  verdict.add({
    severity: 'error',
    code: 'unknown-reference',
    ...(entryPoint === undefined
      ? { message, option: { key, value: written } }
      : { message: `${message} The entry point ${entryPoint} adds it by http.middlewares.` }),
    hint,
  });
  return undefined;
}

/** The qualified service of a router, empty where it names none, which is a fault unless `excused`: others say why already. */
export function checkService(
  verdict: Verdict,
  written: string | undefined,
  provider: string,
  services: Lookup<Referable>,
  { suggest, excused }: { readonly suggest: Suggest; readonly excused: boolean },
): string {
  if (written !== undefined && written !== '') {
    const qualified = qualifyName(written, provider);
    checkReference(verdict, { kind: 'service', key: 'service', written, qualified }, services, suggest);
    return qualified;
  }
  if (!excused) {
    const message = 'The router names no service.';
    verdict.add({ severity: 'error', code: 'unknown-reference', message, hint: 'Set its option service.' });
  }
  return '';
}

/**
 * Adds an error where `service` has middlewares: they run with a router, and would not be asked where anything else leads to
 * it. To pass over them would open what they close.
 */
export function refuseMiddlewares({ name, middlewares }: Referable, key: string, verdict: Verdict): void {
  if (middlewares === undefined) return;
  verdict.add({
    severity: 'error',
    code: 'not-yet',
    message: `The service ${name} has middlewares, which run only where a router leads to it directly yet.`,
    hint: 'List them at the routers in place of the service.',
    option: { key, value: name },
  });
}

function faultOf(
  { kind, qualified }: Reference,
  target: Referable | 'circular' | undefined,
  lookup: Lookup,
  suggest: Suggest,
): { readonly message: string; readonly hint: string } {
  if (target === 'circular') {
    const message = `The ${kind} ${qualified} leads back to where it came from.`;
    return { message, hint: 'Take it out of the list.' };
  }
  if (target !== undefined) {
    const message = `The ${kind} ${qualified} is disabled: ${target.errors.join(' ')}`;
    return { message, hint: `Mend the ${kind} first.` };
  }
  const message = `There is no ${kind} ${qualified}.`;
  const internal = kind === 'service' ? internalHints[qualified] : undefined;
  if (internal !== undefined) return { message, hint: internal };
  const near = suggest(qualified, lookup.names());
  if (near !== undefined) return { message, hint: `Did you mean ${near}?` };
  return {
    message,
    hint: `Declare the ${kind}, or correct the name. If it is declared, its own diagnostic says what to mend.`,
  };
}

/** Why a service of the gateway itself is not there. */
const internalHints: Readonly<Record<string, string>> = {
  'api@internal': 'Switch it on with --api=true.',
  'dashboard@internal': 'Switch it on with --api=true, and leave --api.dashboard at true.',
  'ping@internal': 'Switch it on with --ping=true.',
  'prometheus@internal': 'Switch it on with --metrics.prometheus=true.',
  'rest@internal': 'Berth takes no configuration over its API: use labels or files.',
  'acme-http@internal': 'Berth answers ACME challenges by itself; no router is needed for them.',
};

/**
 * The qualified names of a list of middlewares of `provider`, without empty items; what is wrong is added to `verdict`.
 * `entryPoint` is the one whose list it is.
 */
export function checkMiddlewares(
  verdict: Verdict,
  names: readonly string[] | undefined,
  provider: string,
  lookup: Lookup,
  suggest: Suggest,
  entryPoint?: string,
): readonly string[] {
  return (names ?? [])
    .filter((name) => name !== '')
    .map((written) => {
      const qualified = qualifyName(written, provider);
      const reference = { kind: 'middleware', key: 'middlewares', written, qualified, entryPoint } as const;
      checkReference(verdict, reference, lookup, suggest);
      return qualified;
    });
}
