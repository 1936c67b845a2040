// The whole API as one table: Traefik's paths with Traefik's shapes, and Berth's own. docs/api.md describes each.
import type { Diagnostic, Severity } from '../../model/diagnostic.ts';
import {
  countedServices,
  type DynamicConfig,
  type TcpService,
  type UdpService,
} from '../../model/dynamic-config.ts';
import type { StartupConfig } from '../../model/startup.ts';
import type { VersionView } from '../../model/view.ts';
import { ApiError } from './api-error.ts';
import type { ApiSources } from './api-sources.ts';
import { explainRequest } from './explain-request.ts';
import { type ListRules, listPage, type Query } from './list-query.ts';
import type { ConfigIndex } from './views/config-index.ts';
import { toEntryPointViews } from './views/entry-point-view.ts';
import { middlewareListRules, toMiddlewareView, toTcpMiddlewareView } from './views/middleware-view.ts';
import { toOverviewView } from './views/overview-view.ts';
import { toReplicaView } from './views/replica-view.ts';
import { routerListRules, toRouterView } from './views/router-view.ts';
import { serviceListRules, toServiceView } from './views/service-view.ts';
import { tcpRouterListRules, toTcpRouterView, toTcpServiceView } from './views/tcp-views.ts';
import { toUdpRouterView, toUdpServiceView, udpRouterListRules } from './views/udp-views.ts';

/** What answers are made from. */
export type ApiContext = {
  readonly sources: ApiSources;
  readonly startup: StartupConfig;
  readonly indexOf: (config: DynamicConfig) => ConfigIndex;
};

/** `name` is the decoded last part of the path; empty where there is none. */
export type ApiRequest = { readonly name: string; readonly query: Query };

/** Sent as JSON; `nextPage` becomes the field X-Next-Page. */
export type ApiAnswer = { readonly body: unknown; readonly nextPage?: number };

type Answer = (context: ApiContext, request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>;

/** Path → answer, below basePath. `:name` is one part of the path, decoded. */
export const routes: readonly { readonly path: string; readonly answer: Answer }[] = [
  { path: '/api/version', answer: ({ sources }) => ({ body: version(sources) }) },
  {
    path: '/api/overview',
    answer: ({ sources, startup }) => ({ body: toOverviewView(sources, startup) }),
  },
  { path: '/api/entrypoints', answer: ({ startup }) => ({ body: toEntryPointViews(startup) }) },
  {
    path: '/api/entrypoints/:name',
    answer: ({ startup }, { name }) => ({
      body: found(
        toEntryPointViews(startup).find((entryPoint) => entryPoint.name === name),
        `entry point not found: ${name}`,
      ),
    }),
  },
  { path: '/api/rawdata', answer: rawData },
  list('http/routers', (config) => config.routers, routerListRules, toRouterView),
  one('http/routers', (config) => config.routers, 'router', toRouterView),
  list('http/services', (config) => config.services, serviceListRules, toServiceView),
  one('http/services', (config) => config.services, 'service', toServiceView),
  list('http/middlewares', (config) => config.middlewares, middlewareListRules, toMiddlewareView),
  one('http/middlewares', (config) => config.middlewares, 'middleware', toMiddlewareView),
  list('tcp/routers', (config) => config.tcpRouters, tcpRouterListRules, toTcpRouterView),
  one('tcp/routers', (config) => config.tcpRouters, 'router', toTcpRouterView),
  list<TcpService>('tcp/services', (config) => config.tcpServices, serviceListRules, toTcpServiceView),
  one('tcp/services', (config) => config.tcpServices, 'service', toTcpServiceView),
  list('tcp/middlewares', (config) => config.tcpMiddlewares, middlewareListRules, toTcpMiddlewareView),
  one('tcp/middlewares', (config) => config.tcpMiddlewares, 'middleware', toTcpMiddlewareView),
  list('udp/routers', (config) => config.udpRouters, udpRouterListRules, toUdpRouterView),
  one('udp/routers', (config) => config.udpRouters, 'router', toUdpRouterView),
  list<UdpService>('udp/services', (config) => config.udpServices, serviceListRules, toUdpServiceView),
  one('udp/services', (config) => config.udpServices, 'service', toUdpServiceView),
  ...empty('certificates'),
  { path: '/api/diagnostics', answer: diagnostics },
  { path: '/api/replicas', answer: replicas },
  {
    path: '/api/explain',
    answer: async ({ sources, startup }, { query }) => ({
      body: await explainRequest(query, sources, startup),
    }),
  },
];

/** The one path that is a stream and no JSON. */
export const eventsPath = '/api/events';

type View<T> = (item: T, index: ConfigIndex, sources: ApiSources) => unknown;

function list<T>(
  path: string,
  table: (config: DynamicConfig) => ReadonlyMap<string, T>,
  rules: ListRules<T>,
  view: View<T>,
) {
  return {
    path: `/api/${path}`,
    answer: ({ sources, indexOf }: ApiContext, { query }: ApiRequest): ApiAnswer => {
      const config = sources.config();
      const { items, nextPage } = listPage(table(config).values(), query, rules);
      const index = indexOf(config);
      return { body: items.map((item) => view(item, index, sources)), nextPage };
    },
  };
}

function one<T>(
  path: string,
  table: (config: DynamicConfig) => ReadonlyMap<string, T>,
  kind: string,
  view: View<T>,
) {
  return {
    path: `/api/${path}/:name`,
    answer: ({ sources, indexOf }: ApiContext, { name }: ApiRequest): ApiAnswer => {
      const config = sources.config();
      const item = found(table(config).get(name), `${kind} not found: ${name}`);
      return { body: view(item, indexOf(config), sources) };
    },
  };
}

/** Kinds that Traefik has and Berth has not yet: tools that list them get an empty list of the right shape. */
function empty(path: string) {
  return [
    { path: `/api/${path}`, answer: (): ApiAnswer => ({ body: [], nextPage: 1 }) },
    {
      path: `/api/${path}/:name`,
      answer: (_context: ApiContext, { name }: ApiRequest): ApiAnswer => {
        throw new ApiError(404, `${path.replace(/.*\//, '').replace(/s$/, '')} not found: ${name}`);
      },
    },
  ];
}

function found<T>(item: T | undefined, message: string): T {
  if (item === undefined) throw new ApiError(404, message);
  return item;
}

function version({ version: Version, startedAt }: ApiSources): VersionView {
  return { Version, Codename: '', startDate: startedAt.toISOString(), product: 'Berth' };
}

/** Everything by name, as Traefik's rawdata; kinds without objects are left out there too. */
function rawData({ sources, indexOf }: ApiContext): ApiAnswer {
  const config = sources.config();
  const index = indexOf(config);
  const views = <T>(table: ReadonlyMap<string, T>, view: View<T>) =>
    table.size === 0
      ? undefined
      : Object.fromEntries([...table].map(([name, item]) => [name, view(item, index, sources)]));
  return {
    body: {
      routers: views(config.routers, toRouterView),
      middlewares: views(config.middlewares, toMiddlewareView),
      services: views(config.services, toServiceView),
      tcpRouters: views(config.tcpRouters, toTcpRouterView),
      tcpServices: views(config.tcpServices, toTcpServiceView),
      tcpMiddlewares: views(config.tcpMiddlewares, toTcpMiddlewareView),
      udpRouters: views(config.udpRouters, toUdpRouterView),
      udpServices: views(config.udpServices, toUdpServiceView),
    },
  };
}

const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** Errors first. `severity` and `container` narrow it down. */
function diagnostics({ sources }: ApiContext, { query }: ApiRequest): ApiAnswer {
  const severity = query.get('severity') ?? '';
  const container = query.get('container') ?? '';
  if (severity !== '' && !severities.includes(severity as Severity)) {
    throw new ApiError(400, `invalid request: severity: one of ${severities.join(', ')}`);
  }
  const rank = (diagnostic: Diagnostic) => severities.indexOf(diagnostic.severity);
  const body = sources
    .config()
    .diagnostics.filter(
      (diagnostic) =>
        (severity === '' || diagnostic.severity === severity) &&
        (container === '' || diagnostic.container === container),
    )
    .toSorted((a, b) => rank(a) - rank(b));
  return { body };
}

/** All replicas of all services; `service` (qualified) narrows it down. */
function replicas({ sources }: ApiContext, { query }: ApiRequest): ApiAnswer {
  const wanted = query.get('service') ?? '';
  const body = [...countedServices(sources.config())]
    .filter((service) => wanted === '' || service.name === wanted)
    .flatMap((service) => service.replicas.map((replica) => toReplicaView(service, replica, sources)));
  return { body };
}
