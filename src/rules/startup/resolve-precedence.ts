// The order of providers (Traefik v3.7, `providers.precedence`). Pure.
import { nearestName } from '../../lib/nearest.ts';
import type { StartupConfig } from '../../model/startup.ts';
import { defaultPrecedence } from '../routing/router-order.ts';
import type { StartupFault } from './startup-fault.ts';

/** In lower case. A provider that Traefik does not know is an error among the faults. */
export function resolvePrecedence(
  names: readonly string[] | undefined,
  faults: StartupFault[],
): Pick<StartupConfig, 'precedence'> {
  if (names === undefined) return {};
  const precedence = names.map((name) => name.toLowerCase());
  for (const name of precedence.filter((one) => !defaultPrecedence.includes(one))) {
    const near = nearestName(name, defaultPrecedence);
    faults.push({
      severity: 'error',
      source: 'providers.precedence',
      message: `There is no provider ${JSON.stringify(name)}.`,
      hint: near === undefined ? `Write some of ${defaultPrecedence.join(', ')}.` : `Did you mean ${near}?`,
    });
  }
  return { precedence };
}
