// What routers may refer to, and what is said when the reference leads nowhere.
import { nearestName } from '../../lib/nearest.ts';
import type { ObjectStatus } from '../../model/dynamic-config.ts';
import { internalProvider, providerOf, qualifyName } from './qualify-name.ts';
import type { Verdict } from './verdict.ts';

/** An object to which others may refer. */
export type Referable = {
  readonly name: string;
  readonly status: ObjectStatus;
  readonly errors: readonly string[];
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
  { kind, key, written, qualified }: Reference,
  lookup: Lookup<R>,
  suggest: Suggest,
): R | undefined {
  const option = { key, value: written };
  const target = lookup.find(qualified);
  if (target === 'circular') {
    verdict.add({
      severity: 'error',
      code: 'unknown-reference',
      message: `The ${kind} ${qualified} leads back to where it came from.`,
      hint: 'Take it out of the list.',
      option,
    });
    return undefined;
  }
  if (target?.status === 'disabled') {
    verdict.add({
      severity: 'error',
      code: 'unknown-reference',
      message: `The ${kind} ${qualified} is disabled: ${target.errors.join(' ')}`,
      hint: `Mend the ${kind} first.`,
      option,
    });
    return undefined;
  }
  if (target !== undefined) return target;
  if (providerOf(qualified) === internalProvider) {
    verdict.disable();
    verdict.add({
      severity: 'warning',
      code: 'not-yet',
      message: `Routers cannot use the internal ${kind} ${qualified} yet.`,
      hint: 'API, dashboard, ping and metrics are served on the entry point "traefik" (by default port 8080).',
      option,
    });
    return undefined;
  }
  const near = suggest(qualified, lookup.names());
  verdict.add({
    severity: 'error',
    code: 'unknown-reference',
    message: `There is no ${kind} ${qualified}.`,
    hint:
      near === undefined
        ? `Declare the ${kind}, or correct the name. If it is declared, its own diagnostic says what to mend.`
        : `Did you mean ${near}?`,
    option,
  });
  return undefined;
}

/** The qualified names of a list of middlewares of `provider`, without empty items; what is wrong is added to `verdict`. */
export function checkMiddlewares(
  verdict: Verdict,
  names: readonly string[] | undefined,
  provider: string,
  lookup: Lookup,
  suggest: Suggest,
): readonly string[] {
  return (names ?? [])
    .filter((name) => name !== '')
    .map((written) => {
      const qualified = qualifyName(written, provider);
      checkReference(
        verdict,
        { kind: 'middleware', key: 'middlewares', written, qualified },
        lookup,
        suggest,
      );
      return qualified;
    });
}
