// explain: what would become of one request under a configuration, and why. Pure: the same trace for `check --explain`, for
// the API and for the dashboard.
import type { BalancedService, DynamicConfig, Router, Service } from '../../model/dynamic-config.ts';
import type { Explanation, Outcome, Question, ReplicaStep } from '../../model/explanation.ts';
import { mayServe, type Replica, type ReplicaHealth, whyNot } from '../../model/replica.ts';
import { normaliseHost } from '../routing/normalise-host.ts';
import { normalisePath, refusedByDefault } from '../routing/normalise-path.ts';
import { type Doors, findEntrance } from './entry-points.ts';
import { hintFor } from './hint.ts';
import { type Arrival, tryRouters } from './try-routers.ts';
import { tryTcpRouters } from './try-tcp-routers.ts';

/** What is asked for besides the configuration. */
export type ExplainSources = Doors & {
  /** Undefined where no check is configured, or where nobody checks. */
  readonly healthOf: (service: string, replica: string) => ReplicaHealth | undefined;
};

/** Trials that are told; more of them would hide what matters. */
const maxTrials = 12;

type Refusal = Outcome & { readonly status: number };

const nothing = { routers: [], otherRouters: 0, middlewares: [], replicas: [] } as const;

/** Follows the request. Gives way now and then, so that whoever has other work can do it in between. */
export function* explain(
  question: Question,
  config: DynamicConfig,
  sources: ExplainSources,
): Generator<undefined, Explanation> {
  const entrance = findEntrance(question, sources);
  if (entrance.entryPoint === undefined) return { question, outcome: entrance.outcome, ...nothing };
  const { entryPoint, told } = entrance;
  const arrival = arrive(question, entryPoint.name, entryPoint.sanitizePath ?? true);
  if ('status' in arrival) return { question, outcome: arrival, entryPoint: told, ...nothing };
  const tcp = tryTcpRouters(config, arrival);
  if (tcp !== undefined) {
    const text = `The TCP router ${tcp.name} takes the connection before HTTP sees a request; it goes to ${tcp.service}.`;
    return { question, outcome: { kind: 'passed-on', text }, entryPoint: told, ...nothing };
  }
  const { chosen, trials } = yield* tryRouters(config.routers.values(), arrival);
  const met = trials.filter(({ verdict }) => verdict !== 'no-match').length;
  const routers = trials.slice(0, Math.max(met, Math.min(maxTrials, trials.length)));
  const seen = { question, entryPoint: told, routers, otherRouters: trials.length - routers.length };
  if (chosen === undefined) {
    const outcome = refuse(404, 'No router takes the request.', hintFor(trials, arrival));
    return { ...seen, outcome, middlewares: [], replicas: [] };
  }
  return { ...seen, ...followRouter(chosen, config, sources) };
}

/** The explanation in one go. */
export function explainNow(question: Question, config: DynamicConfig, sources: ExplainSources): Explanation {
  const steps = explain(question, config, sources);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The head as rules see it, or why it is refused before any rule does. */
function arrive(question: Question, entryPoint: string, sanitize: boolean): Arrival | Refusal {
  const host = normaliseHost(question.host);
  if (host === undefined || host === '') {
    return refuse(400, `${JSON.stringify(question.host)} is no host name.`);
  }
  const path = normalisePath(question.path, { sanitize });
  if ('fault' in path) return refuse(path.fault === 'tooLong' ? 414 : 400, 'The path is malformed.');
  const oddity = path.suspicious.find((one) => refusedByDefault.has(one));
  if (oddity !== undefined) {
    const text = `The path has a spelling that servers read differently (${oddity}), which leads around rules.`;
    return refuse(400, text, 'Let the client send a plain path.');
  }
  return {
    head: {
      method: question.method,
      host,
      path: path.match,
      rawQuery: question.query.slice(1),
      headers: { host: question.host, ...question.headers },
      clientAddress: question.client,
    },
    entryPoint,
    isTls: question.scheme === 'https',
  };
}

function refuse(status: number, text: string, hint?: string): Refusal {
  return { kind: 'refused', status, text, ...(hint === undefined ? {} : { hint }) };
}

function followRouter(
  router: Router,
  config: DynamicConfig,
  sources: ExplainSources,
): Pick<Explanation, 'outcome' | 'middlewares' | 'service' | 'replicas'> {
  const middlewares = router.middlewares.flatMap((name) => {
    const known = config.middlewares.get(name);
    if (known === undefined) return [];
    const { kind, status, errors } = known;
    return [{ name, kind, status, errors }];
  });
  const service = config.services.get(router.service);
  const onTheWay = { middlewares, ...(service === undefined ? {} : { service: nounOf(service) }) };
  const replicas =
    service &&
    balancersOf(service, config).flatMap((balancer) =>
      balancer.replicas.map((replica) => {
        const health = balancer.healthCheck && sources.healthOf(balancer.name, replica.id);
        return toStep(replica, health);
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

function toStep(replica: Replica, health: ReplicaHealth | undefined): ReplicaStep {
  const known = health ?? { verdict: 'none' as const, since: 0 };
  const reason = whyNot(replica, known);
  return {
    name: replica.container?.name ?? replica.url ?? replica.id,
    url: replica.url ?? '',
    isReady: mayServe(replica, known.verdict),
    ...(reason === undefined ? {} : { reason }),
  };
}
