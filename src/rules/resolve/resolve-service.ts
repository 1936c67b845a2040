// One declared service → a service with its defaults. A service without any server is valid: it answers 503.
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Service } from '../../model/dynamic-config.ts';
import type { DeclaredService } from '../../model/provider-config.ts';
import { resolveHealthCheck } from './resolve-health-check.ts';
import { openVerdict } from './verdict.ts';

/** A resolved object. */
export type Resolution<T> = {
  readonly object: T;
  /** Faults found while resolving, besides those of the declaration. */
  readonly found: readonly Diagnostic[];
};

/** Resolves a service of `provider`. It depends on nothing but its declaration. */
export function resolveService(provider: string, declared: DeclaredService): Resolution<Service> {
  const verdict = openVerdict('service', provider, declared);
  const { healthCheck, strategy, passHostHeader } = declared.options;
  const check = healthCheck === undefined ? undefined : resolveHealthCheck(healthCheck, verdict);
  const object: Service = Object.freeze({
    name: `${declared.name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins: declared.origins,
    replicas: declared.replicas,
    strategy: strategy ?? 'wrr',
    passHostHeader: passHostHeader ?? true,
    ...(check === undefined ? {} : { healthCheck: check }),
  });
  return { object, found: verdict.found };
}
