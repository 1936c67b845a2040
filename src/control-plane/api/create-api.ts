// API, events, dashboard, ping and metrics on one Fastify instance, for two sorts of requests: those of the internal entry point,
// and those that routers send to `api@internal` and its like. Read-only.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { InternalService } from '../../model/internal-service.ts';
import type { StartupConfig } from '../../model/startup.ts';
import { metricsContentType } from '../../observability/metric-family.ts';
import { ApiError } from './api-error.ts';
import type { ApiSources } from './api-sources.ts';
import { registerDashboard } from './dashboard.ts';
import { createEventStreams, type EventStreams } from './event-streams.ts';
import { guardRequest } from './guard-request.ts';
import type { InternalAnswer } from './internal-door.ts';
import { replyMessage, replyNotFound } from './reply-message.ts';
import { type ApiContext, eventsPath, routes } from './routes.ts';
import { toSafeJson } from './safe-json.ts';
import { noStore, securityHeaders } from './security-headers.ts';
import { basePathOf, entryPointServices, isWithin, pathWithin, serviceAt } from './served-paths.ts';
import { createConfigIndex } from './views/config-index.ts';

export type { ApiChange, ApiSources } from './api-sources.ts';

/** The internal entry point with its life. */
export type Api = {
  /**
   * Listens, on the inherited socket if its descriptor is given, and says where. Rejects where the address is taken, or no
   * internal entry point is configured.
   */
  readonly listen: (inherited?: number) => Promise<{ readonly host: string; readonly port: number }>;
  /** Answers what a router has sent here. The router says who may ask, so any Host is taken. */
  readonly answer: InternalAnswer;
  /** Ends event streams; browsers open them anew, wherever somebody serves by then. */
  readonly endStreams: () => void;
  /** Leaves the internal entry point: accepts nothing more there, and answers what has been asked. */
  readonly leave: () => Promise<void>;
  /** Ends what is left. */
  readonly close: () => Promise<void>;
};

/** Names come from labels and stand in paths, three bytes for each odd one. */
export const maxHeaderBytes = 256 * 1024;
const maxNameLength = 128 * 1024;

/** `dashboardFolder` is where the built dashboard lies; the project's own build unless a test says otherwise. */
export function createApi(sources: ApiSources, startup: StartupConfig, dashboardFolder?: URL): Api {
  const app = fastify({
    // SSE streams and idle connections must not hold up the end.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: maxNameLength },
    http: { maxHeaderSize: maxHeaderBytes },
  });
  const streams = createEventStreams(sources);
  const base = basePathOf(startup);
  const guard = { allowedHosts: startup.api?.allowedHosts ?? [], ownName: hostname() };
  const offered = entryPointServices(startup);
  /** Requests that came through a router, with the service that it names. */
  const routed = new WeakMap<IncomingMessage, InternalService>();

  app.setReplySerializer(toSafeJson);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const service = routed.get(request.raw);
    const path = pathOf(request);
    guardRequest(
      { method: request.method, path, headers: request.headers },
      service === undefined ? guard : { ...guard, allowedHosts: ['*'] },
    );
    const isThere =
      service === undefined ? offered.has(serviceAt(path, base)) : isWithin(path, service, base);
    if (!isThere) return replyNotFound(reply);
  });
  app.setErrorHandler((error, _request, reply) => sendError(error, reply, sources));
  app.setNotFoundHandler((_request, reply) => replyNotFound(reply));

  if (startup.ping !== undefined) registerPing(app, sources, startup.ping.terminatingStatusCode);
  if (startup.prometheus !== undefined) registerMetrics(app, sources);
  if (startup.api !== undefined) registerApi(app, sources, startup, startup.api, streams, dashboardFolder);

  const leave = async (): Promise<void> => {
    streams.close();
    await finishAnswers(app);
  };
  return {
    listen: (inherited) => listen(app, startup, inherited),
    answer: (service, request, response) => {
      request.url = pathWithin(service, request.url ?? '/', base);
      routed.set(request, service);
      void app.ready().then(() => app.routing(request, response));
    },
    endStreams: streams.close,
    leave,
    close: async () => {
      await leave();
      await app.close();
    },
  };
}

function registerPing(app: FastifyInstance, sources: ApiSources, terminatingStatus: number): void {
  app.get('/ping', (_request, reply) => {
    const ending = sources.isTerminating();
    reply
      .code(ending ? terminatingStatus : 200)
      .headers(noStore)
      .type('text/plain; charset=utf-8')
      .send(ending ? 'Terminating' : 'OK');
  });
}

function registerMetrics(app: FastifyInstance, sources: ApiSources): void {
  app.get('/metrics', async (_request, reply) => {
    const text = await sources.metricsText();
    return reply.headers(noStore).type(metricsContentType).send(text);
  });
}

function registerApi(
  app: FastifyInstance,
  sources: ApiSources,
  startup: StartupConfig,
  api: NonNullable<StartupConfig['api']>,
  streams: EventStreams,
  dashboardFolder: URL | undefined,
): void {
  const base = basePathOf(startup);
  const context: ApiContext = { sources, startup, indexOf: createConfigIndex() };
  for (const { path, answer } of routes) {
    app.get(base + path, async (request, reply) => {
      const { name = '' } = request.params as { readonly name?: string };
      const { body, nextPage } = await answer(context, { name, query: queryOf(request) });
      if (nextPage !== undefined) reply.header('x-next-page', String(nextPage));
      return reply.headers(noStore).type('application/json; charset=utf-8').send(body);
    });
  }
  app.get(base + eventsPath, { exposeHeadRoute: false }, (_request, reply) => {
    reply.hijack();
    if (streams.open(reply.raw, { ...securityHeaders, ...noStore })) return;
    reply.raw.writeHead(503, { ...securityHeaders, ...noStore, 'retry-after': '5' }).end();
  });
  if (!api.dashboard) return;
  const dashboard = `${base}/dashboard`;
  for (const start of new Set(['/', base, `${base}/`])) {
    if (start !== '') app.get(start, (_request, reply) => reply.redirect(`${dashboard}/`));
  }
  registerDashboard(app, dashboard, dashboardFolder);
}

/** Whoever asks takes no longer than this, and must not hold up the end. */
const finishMs = 1_000;

async function finishAnswers({ server }: FastifyInstance): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.race([closed, delay(finishMs, undefined, { ref: false })]);
}

async function listen(app: FastifyInstance, { internalEntryPoint }: StartupConfig, inherited?: number) {
  if (internalEntryPoint === undefined) throw new Error('No internal entry point is configured.');
  const { host, port } = internalEntryPoint;
  if (inherited !== undefined) {
    await app.ready();
    app.server.listen({ fd: inherited });
    await once(app.server, 'listening');
  } else if (host !== '') await app.listen({ host, port });
  else {
    // All addresses: both families with ::, or what is left of them on a machine without IPv6.
    await app.listen({ host: '::', port }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EAFNOSUPPORT' && error.code !== 'EADDRNOTAVAIL') throw error;
      return app.listen({ host: '0.0.0.0', port });
    });
  }
  const address = app.server.address() as AddressInfo;
  return { host: address.address, port: address.port };
}

function sendError(error: unknown, reply: FastifyReply, sources: ApiSources): void {
  if (error instanceof ApiError) {
    if (error.status === 405) reply.header('allow', 'GET, HEAD');
    replyMessage(reply, error.status, error.message);
    return;
  }
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode < 500) {
    replyMessage(reply, statusCode, message);
    return;
  }
  // The cause may name files or addresses: it is for the log only.
  sources.log?.error({ err: error }, 'The API failed to answer.');
  replyMessage(reply, 500, 'Unexpected error; the log has the cause.');
}

function pathOf(request: FastifyRequest): string {
  const { url } = request.raw;
  return url?.split('?', 1)[0] ?? '';
}

function queryOf(request: FastifyRequest): URLSearchParams {
  const { url = '' } = request.raw;
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}
