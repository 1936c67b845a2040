// One declared service → a service with its defaults. A load balancer without any server is valid: it answers 503.
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Service } from '../../model/dynamic-config.ts';
import type { DeclaredService } from '../../model/provider-config.ts';
import type { BalancingOptions } from '../../model/service.ts';
import { type CompositeContext, resolveComposite } from './resolve-composite.ts';
import { resolveHealthCheck, resolvePassiveHealthCheck } from './resolve-health-check.ts';
import { resolveSticky } from './resolve-sticky.ts';
import { openVerdict, type Verdict } from './verdict.ts';

/** A resolved object. */
export type Resolution<T> = {
  readonly object: T;
  /** Faults found while resolving, besides those of the declaration. */
  readonly found: readonly Diagnostic[];
};

/** Where a service that leads to others finds them. */
export type ServiceContext = Pick<CompositeContext, 'lookup' | 'suggest'>;

/** Resolves a service of `provider`. Only services over services look others up. */
export function resolveService(
  provider: string,
  declared: DeclaredService,
  context: ServiceContext,
): Resolution<Service> {
  const verdict = openVerdict('service', provider, declared);
  const { options } = declared;
  const parts =
    'kind' in options
      ? { replicas: [], composite: resolveComposite(options, { provider, verdict, ...context }) }
      : { replicas: declared.replicas, ...resolveBalancing(options, verdict) };
  const object: Service = Object.freeze({
    name: `${declared.name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins: declared.origins,
    ...parts,
  });
  return { object, found: verdict.found };
}

function resolveBalancing(options: BalancingOptions, verdict: Verdict) {
  const { healthCheck, strategy = 'wrr', passHostHeader = true } = options;
  const check = healthCheck === undefined ? undefined : resolveHealthCheck(healthCheck, verdict);
  const cookie = stickyCookieOf(options, verdict);
  const passive =
    options.passiveHealthCheck && resolvePassiveHealthCheck(options.passiveHealthCheck, check, verdict);
  return {
    strategy,
    passHostHeader,
    ...(check === undefined ? {} : { healthCheck: check }),
    ...(passive === undefined ? {} : { passiveHealthCheck: passive }),
    ...(cookie === undefined ? {} : { stickyCookie: cookie }),
  };
}

/** Undefined where clients are not kept on one server. */
function stickyCookieOf({ sticky, strategy }: BalancingOptions, verdict: Verdict) {
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
