// One declared service → a service with its defaults. A service without any server is valid: it answers 503.
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Service } from '../../model/dynamic-config.ts';
import type { DeclaredService } from '../../model/provider-config.ts';
import { resolveHealthCheck } from './resolve-health-check.ts';
import { resolveSticky } from './resolve-sticky.ts';
import { openVerdict, type Verdict } from './verdict.ts';

/** A resolved object. */
export type Resolution<T> = {
  readonly object: T;
  /** Faults found while resolving, besides those of the declaration. */
  readonly found: readonly Diagnostic[];
};

/** Resolves a service of `provider`. It depends on nothing but its declaration. */
export function resolveService(provider: string, declared: DeclaredService): Resolution<Service> {
  const verdict = openVerdict('service', provider, declared);
  const { healthCheck, strategy = 'wrr', passHostHeader } = declared.options;
  const check = healthCheck === undefined ? undefined : resolveHealthCheck(healthCheck, verdict);
  const cookie = stickyCookieOf(declared.options, verdict);
  const object: Service = Object.freeze({
    name: `${declared.name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins: declared.origins,
    replicas: declared.replicas,
    strategy,
    passHostHeader: passHostHeader ?? true,
    ...(check === undefined ? {} : { healthCheck: check }),
    ...(cookie === undefined ? {} : { stickyCookie: cookie }),
  });
  return { object, found: verdict.found };
}

/** Undefined where clients are not kept on one server. */
function stickyCookieOf({ sticky, strategy }: DeclaredService['options'], verdict: Verdict) {
  if (sticky === undefined) return undefined;
  if (strategy === 'hrw') {
    verdict.add({
      severity: 'warning',
      code: 'bad-value',
      message:
        'The strategy hrw keeps each client on one server by its address; sticky has no effect, as in Traefik.',
      hint: 'Remove loadbalancer.sticky, or choose the strategy wrr, p2c or leasttime.',
    });
    return undefined;
  }
  return resolveSticky(sticky, 'loadbalancer.sticky', verdict);
}
