// One declared service → a service with its defaults. A load balancer without any server is valid: it answers 503.
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Service } from '../../model/dynamic-config.ts';
import type { DeclaredService } from '../../model/provider-config.ts';
import type { BalancingOptions } from '../../model/service.ts';
import { qualifyNames } from './qualify-name.ts';
import { checkMiddlewares, type Lookup } from './reference-table.ts';
import { type CompositeContext, resolveComposite, servicesWithin } from './resolve-composite.ts';
import { resolveHealthCheck, resolvePassiveHealthCheck } from './resolve-health-check.ts';
import { resolveSticky } from './resolve-sticky.ts';
import { openVerdict, type Verdict } from './verdict.ts';

/** A resolved object. */
export type Resolution<T> = {
  readonly object: T;
  /** Faults found while resolving, besides those of the declaration. */
  readonly found: readonly Diagnostic[];
};

/** Where a service finds what it refers to. */
export type ServiceContext = Pick<CompositeContext, 'lookup' | 'suggest'> & {
  /** Where it finds its middlewares. */
  readonly middlewares: Lookup;
};

/** Resolves a service of `provider`. */
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
      : { replicas: declared.replicas, ...resolveBalancing(options, provider, context, verdict) };
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

function resolveBalancing(
  options: BalancingOptions,
  provider: string,
  { middlewares: lookup, suggest }: ServiceContext,
  verdict: Verdict,
) {
  const { healthCheck, strategy = 'wrr', passHostHeader = true } = options;
  const check = healthCheck === undefined ? undefined : resolveHealthCheck(healthCheck, verdict);
  const cookie = stickyCookieOf(options, verdict);
  const passive =
    options.passiveHealthCheck && resolvePassiveHealthCheck(options.passiveHealthCheck, check, verdict);
  const middlewares = checkMiddlewares(verdict, options.middlewares, provider, lookup, suggest);
  return {
    strategy,
    passHostHeader,
    ...(middlewares.length === 0 ? {} : { middlewares }),
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

/** What it looks up: services that it leads to, and middlewares by their `middlewareKey`. */
export function referencesOf(provider: string, declared: DeclaredService): readonly string[] {
  const { options } = declared;
  if ('kind' in options) return servicesWithin(provider, declared);
  return qualifyNames(options.middlewares, provider).map(middlewareKey);
}

/** A middleware among the references of services. No name of a service has a space in front. */
export function middlewareKey(name: string): string {
  return ` ${name}`;
}
