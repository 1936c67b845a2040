// decide: the head of a request → what shall happen with it. Shared by all lanes: it knows no socket and no Fastify.
// Synchronous unless a middleware has to wait, so the common case allocates no promise.
import { fieldOf, joinedFieldOf, removeField, setField } from '../../lib/header-fields.ts';
import type { EncodedCharactersOptions } from '../../model/encoded-characters.ts';
import { GatewayError } from '../../model/errors.ts';
import { normaliseHost } from '../../rules/routing/normalise-host.ts';
import { normalisePath } from '../../rules/routing/normalise-path.ts';
import { isPathAllowed } from '../../rules/routing/path-permission.ts';
import type { RequestHead } from '../../rules/routing/request-head.ts';
import type { LiveReplica } from '../live-state/live-replica.ts';
import {
  type Answer,
  type HeadMiddleware,
  type MiddlewareResult,
  reserveCookies,
} from '../middlewares/exchange.ts';
import { balancerFor } from './choose-balancer.ts';
import { replicaFor } from './choose-replica.ts';
import { createHead } from './create-head.ts';
import type { IncomingExchange } from './read-request.ts';
import { readTarget } from './request-target.ts';
import type { CompiledBalancer, CompiledRouter, CompiledService, EntryPointSnapshot } from './snapshot.ts';

/** What shall happen with a request. */
export type Verdict = RespondVerdict | ForwardVerdict | StagedVerdict | WaitVerdict;

/** The gateway answers itself. */
export type RespondVerdict = { readonly kind: 'respond'; readonly answer: Answer };

/** The exchange, as the middlewares left it, goes to this replica. */
export type ForwardVerdict = {
  readonly kind: 'forward';
  readonly service: CompiledBalancer;
  readonly replica: LiveReplica;
};

/** The exchange has met stages, which carry it out: `core` is what lies behind the last of them. */
export type StagedVerdict = { readonly kind: 'staged'; readonly core: StagedCore };

/** A service, whose replica is chosen when it is sent there; what the gateway says itself; or why it cannot be served. */
export type StagedCore =
  | { readonly service: CompiledService }
  | { readonly answer: Answer }
  | { readonly error: unknown };

/** Something must be waited for. The promise may reject with a GatewayError. */
export type WaitVerdict = {
  readonly kind: 'wait';
  readonly verdict: Promise<RespondVerdict | ForwardVerdict | StagedVerdict>;
};

/** Where a request is on its way; the lane keeps it for its records, also when decide throws. */
export type Route = { router: CompiledRouter | undefined };

/** A request that came through this many gateways goes round in a circle. */
const maxHops = 10;

const none: readonly EncodedCharactersOptions[] = Object.freeze([]);

/** How long a client should wait for the first configuration. */
const configurationRetryMs = 1_000;

/**
 * Judges a request. `snapshot` is undefined before the first configuration. Fills in host, path and query of the
 * exchange and the router in `route`. @throws GatewayError when it cannot be served.
 */
export function decide(
  snapshot: EntryPointSnapshot | undefined,
  exchange: IncomingExchange,
  route: Route,
): Verdict {
  const router = findRouter(snapshot, exchange);
  route.router = router;
  return runRouter(router, exchange);
}

/** The first half of `decide`: nothing but the exchange's host, path and query has changed when it is done. */
export function findRouter(
  snapshot: EntryPointSnapshot | undefined,
  exchange: IncomingExchange,
): CompiledRouter {
  const { received } = exchange;
  if (received.isOversized) throw new GatewayError('head-too-large');
  if (received.isBadlyFramed) {
    throw new GatewayError('bad-request', { reason: 'Of transfer codings only chunked is taken.' });
  }
  // CONNECT would open a tunnel to anywhere; TRACE reflects fields that scripts must not see (RFC 9110 §9.3.8).
  if (exchange.method === 'CONNECT' || exchange.method === 'TRACE')
    throw new GatewayError('method-not-allowed');
  if (received.hasUnknownExpectation) throw new GatewayError('expectation-failed');
  const head = readHead(exchange, snapshot?.entryPoint.sanitizePath ?? true);
  if (received.hops >= maxHops) throw new GatewayError('loop');
  if (snapshot === undefined) {
    throw new GatewayError('not-configured', { retryAfterMs: configurationRetryMs });
  }
  const router = (exchange.isTls ? snapshot.tlsRouters : snapshot.routers).match(head);
  const { encodedCharacters } = snapshot.entryPoint;
  const ofRouter = router?.encodedCharacters ?? none;
  // Who may have it only the router says; where there is none, nobody said that it may pass.
  if (
    exchange.pathOddities.length > 0 &&
    !isPathAllowed(exchange.pathOddities, encodedCharacters, ofRouter)
  ) {
    throw new GatewayError('bad-path');
  }
  if (router === undefined) throw new GatewayError('no-router');
  return router;
}

/** The second half: runs the router's middlewares and picks a replica. */
export function runRouter(router: CompiledRouter, exchange: IncomingExchange): Verdict {
  return runChain(router, exchange, exchange.path, 0);
}

/** Checks host and target, writes them into the exchange in the form that goes upstream, and gives what rules see. */
function readHead(exchange: IncomingExchange, sanitize: boolean): RequestHead {
  // RFC 9112 §3.2: exactly one Host in HTTP/1.1. With two, gateway and upstream may each believe another one.
  const { hostFields, hostField } = exchange.received;
  if (hostFields > 1 || (hostFields === 0 && exchange.httpVersion !== '1.0')) {
    throw new GatewayError('bad-host');
  }
  const { path, query } = readTarget(exchange.originalTarget);
  const host = normaliseHost(exchange.host);
  if (host === undefined || normaliseHost(hostField) === undefined) throw new GatewayError('bad-host');
  const normalised = normalisePath(path, { sanitize });
  if ('fault' in normalised) {
    throw new GatewayError(normalised.fault === 'tooLong' ? 'target-too-long' : 'bad-path');
  }
  exchange.pathOddities = normalised.suspicious;
  exchange.path = normalised.forward;
  exchange.query = query;
  return createHead(exchange, host, normalised.match);
}

function runChain(
  router: CompiledRouter,
  exchange: IncomingExchange,
  pathBefore: string,
  from: number,
): Verdict {
  const { chain } = router;
  for (let at = from; at < chain.length; at++) {
    const result = (chain[at] as HeadMiddleware)(exchange);
    if (result === undefined) continue;
    if (!(result instanceof Promise)) return respond(exchange, result);
    return { kind: 'wait', verdict: resumeChain(result, router, exchange, pathBefore, at + 1) };
  }
  checkPath(exchange, pathBefore);
  addClientAddress(exchange);
  const { service } = router;
  if (service === undefined) throw new GatewayError('no-server');
  if (service.setsCookies) reserveCookies(exchange);
  if (exchange.stages !== undefined || service.isStaged) return { kind: 'staged', core: { service } };
  const balancer = balancerFor(service, exchange);
  return { kind: 'forward', service: balancer, replica: replicaFor(balancer, exchange) };
}

function respond(exchange: IncomingExchange, answer: Answer): RespondVerdict | StagedVerdict {
  return exchange.stages === undefined ? { kind: 'respond', answer } : { kind: 'staged', core: { answer } };
}

/** For what `decide` has thrown: the stages that were met before it, as a verdict; undefined where there are none. */
export function stagesAround(exchange: IncomingExchange, error: unknown): StagedVerdict | undefined {
  return exchange.stages === undefined ? undefined : { kind: 'staged', core: { error } };
}

async function resumeChain(
  pending: Promise<MiddlewareResult>,
  router: CompiledRouter,
  exchange: IncomingExchange,
  pathBefore: string,
  from: number,
): Promise<RespondVerdict | ForwardVerdict | StagedVerdict> {
  const answer = await pending;
  if (answer !== undefined) return respond(exchange, answer);
  const verdict = runChain(router, exchange, pathBefore, from);
  return verdict.kind === 'wait' ? verdict.verdict : verdict;
}

/**
 * A path that middlewares have cut must still be a sanitised one: `/api../admin` without `/api` is `/../admin`, which
 * the upstream would read as another path than the rules did (CVE-2026-40912). One check for all middlewares.
 */
function checkPath(exchange: IncomingExchange, before: string): void {
  if (exchange.path === before) return;
  const again = normalisePath(exchange.path, { sanitize: true });
  if ('fault' in again || again.forward !== exchange.path || again.suspicious.includes('hiddenDots'))
    throw new GatewayError('bad-path');
}

/** Appends the client to X-Forwarded-For, unless a middleware has emptied the field. */
function addClientAddress({ fields, clientAddress, keepsForwardedFor: notAppend }: IncomingExchange): void {
  const before = joinedFieldOf(fields, 'x-forwarded-for');
  if (before === undefined) {
    if (!notAppend) fields.push('X-Forwarded-For', clientAddress);
  } else if (before === '') {
    removeField(fields, 'x-forwarded-for');
  } else if (!notAppend) {
    setField(fields, 'X-Forwarded-For', `${before}, ${clientAddress}`);
  }
}

/** The Host field for one replica. An HTTP/1.0 client may name no host, an HTTP/1.1 server wants one. */
export function hostFor(host: string, service: CompiledBalancer, { origin }: LiveReplica): string {
  return service.passHostHeader && host !== '' ? host : origin.slice(origin.indexOf('//') + 2);
}

/** The target for one replica. */
export function targetFor(target: string, { replica, basePath }: LiveReplica): string {
  return replica.preservePath ? basePath + target : target;
}

/** For lanes: the value of Accept, which decides on the form of an error's page. */
export function acceptOf(exchange: IncomingExchange): string {
  return fieldOf(exchange.fields, 'accept') ?? '';
}
