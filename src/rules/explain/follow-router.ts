// From the router that takes the request on: its middlewares, its service, and the replicas that may get it.
import type { BalancedService, DynamicConfig, Router, Service } from '../../model/dynamic-config.ts';
import type { Explanation, MiddlewareStep, Outcome, ReplicaStep } from '../../model/explanation.ts';
import { internalProvider, isInternalService } from '../../model/internal-service.ts';
import { middlewaresOn } from '../../model/middleware-chain.ts';
import { mayServe, type Replica, type ReplicaHealth, whyNot } from '../../model/replica.ts';
import type { ExplainSources } from './explain-sources.ts';
import { refuse } from './refuse.ts';

/** The rest of the way; the router takes the request on this entry point. */
export function followRouter(
  router: Router,
  entryPoint: string,
  config: DynamicConfig,
  sources: ExplainSources,
): Pick<Explanation, 'outcome' | 'middlewares' | 'service' | 'replicas'> {
  const middlewares = middlewaresOn(router, entryPoint, config).flatMap((name) => {
    const known = config.middlewares.get(name);
    if (known === undefined) return [];
    const { kind, status, errors } = known;
    return [{ name, kind, status, errors }];
  });
  if (isInternalService(router.service)) {
    return { outcome: answeredHere(router, middlewares), middlewares, replicas: [] };
  }
  const service = config.services.get(router.service);
  const onTheWay = { middlewares, ...(service === undefined ? {} : { service: nounOf(service) }) };
  const replicas =
    service &&
    balancersOf(service, config).flatMap((balancer) =>
      balancer.replicas.map((replica) => {
        const isChecked = balancer.healthCheck !== undefined;
        return toStep(
          replica,
          isChecked ? (sources.healthOf(balancer.name, replica.id) ?? notYet) : unchecked,
        );
      }),
    );
  if (service === undefined || service.status === 'disabled' || replicas === undefined) {
    const why = service?.errors.join(' ') ?? 'It does not exist.';
    const outcome = refuse(503, `The service ${router.service} cannot be used: ${why}`);
    return { ...onTheWay, outcome, replicas: replicas ?? [] };
  }
  const ready = replicas.filter(({ isReady }) => isReady).length;
  if (ready === 0) {
    const outcome = refuse(
      503,
      replicas.length === 0
        ? `The service ${service.name} has no replica.`
        : `None of the ${replicas.length} replicas of ${service.name} is ready.`,
      replicas.length === 0
        ? 'Start a container that declares it.'
        : 'See the reason beside each replica; requests go on as soon as one is ready.',
    );
    return { ...onTheWay, outcome, replicas };
  }
  const who = ready === 1 ? 'the one ready replica' : `one of ${ready} ready replicas (${wayOf(service)})`;
  const text = `The router ${router.name} takes it, and ${who} of ${service.name} gets it, unless a middleware answers itself.`;
  return { ...onTheWay, outcome: { kind: 'forwarded', text }, replicas };
}

/** A service of the gateway itself: what its middlewares do not answer, the control plane does. */
function answeredHere({ name, service }: Router, middlewares: readonly MiddlewareStep[]): Outcome {
  const kinds = middlewares.map(({ kind }) => kind).join(', ');
  const who =
    service === noopService && kinds !== ''
      ? `by the middleware ${kinds}`
      : `as ${service}, unless a middleware does`;
  return { kind: 'answered', text: `The router ${name} takes it, and the gateway answers itself, ${who}.` };
}

/** It stands behind redirections, and answers nothing that anybody wants. */
const noopService = `noop@${internalProvider}`;

/** The services with replicas to which it leads in the end, each once; itself if it has some. */
function balancersOf(service: Service, { services }: DynamicConfig): readonly BalancedService[] {
  // A set visits what is added to it on the way.
  const all = new Set([service]);
  for (const { composite } of all) {
    for (const { name } of composite?.members ?? []) {
      const member = services.get(name);
      if (member !== undefined) all.add(member);
    }
  }
  return [...all].filter((one) => one.composite === undefined);
}

function wayOf(service: Service): string {
  return service.composite === undefined ? service.strategy : service.composite.kind;
}

function nounOf({ name, status, errors }: NonNullable<ReturnType<DynamicConfig['services']['get']>>) {
  return { name, status, errors };
}

const unchecked: ReplicaHealth = { verdict: 'none', since: 0 };
/** A check is configured and has not ended. */
const notYet: ReplicaHealth = { verdict: 'unknown', since: 0 };

function toStep(replica: Replica, known: ReplicaHealth): ReplicaStep {
  const reason = whyNot(replica, known);
  return {
    name: replica.container?.name ?? replica.url ?? replica.id,
    url: replica.url ?? '',
    isReady: mayServe(replica, known.verdict),
    ...(reason === undefined ? {} : { reason }),
  };
}
