// What routers may refer to, and what is said when the reference leads nowhere.
import { nearestName } from '../../lib/nearest.ts';
import type { ObjectStatus } from '../../model/dynamic-config.ts';
import { internalProvider, providerOf } from './qualify-name.ts';
import type { Verdict } from './verdict.ts';

type Referred = ReadonlyMap<string, { readonly status: ObjectStatus; readonly errors: readonly string[] }>;

/** By qualified name. */
export type ReferenceTables = { readonly services: Referred; readonly middlewares: Referred };

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

/** Adds to `verdict` what is wrong with a router's reference, if anything is. */
export function checkReference(
  verdict: Verdict,
  tables: ReferenceTables,
  kind: 'service' | 'middleware',
  written: string,
  qualified: string,
  suggest: Suggest,
): void {
  const option = { key: kind === 'service' ? 'service' : 'middlewares', value: written };
  const known = tables[`${kind}s`];
  const target = known.get(qualified);
  if (target?.status === 'disabled') {
    verdict.add({
      severity: 'error',
      code: 'unknown-reference',
      message: `The ${kind} ${qualified} is disabled: ${target.errors.join(' ')}`,
      hint: `Mend the ${kind} first.`,
      option,
    });
  } else if (target === undefined && providerOf(qualified) === internalProvider) {
    verdict.disable();
    verdict.add({
      severity: 'warning',
      code: 'not-yet',
      message: `Routers cannot use the internal ${kind} ${qualified} yet.`,
      hint: 'API, dashboard, ping and metrics are served on the entry point "traefik" (by default port 8080).',
      option,
    });
  } else if (target === undefined) {
    const near = suggest(qualified, known.keys());
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
  }
}
