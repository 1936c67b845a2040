// One router with its chain and its service, compiled. Pure but for files that middlewares name.
import { isTlsOn, type Middleware, type Router, type RouterTimeouts } from '../../model/dynamic-config.ts';
import type { EncodedCharactersOptions } from '../../model/encoded-characters.ts';
import { GatewayError } from '../../model/errors.ts';
import { isInternalService } from '../../model/internal-service.ts';
import { trustRegexps } from '../../rules/routing/check-regexp.ts';
import { parseRule } from '../../rules/routing/parse-rule.ts';
import { orderOf } from '../../rules/routing/router-order.ts';
import type { CompiledService, Timeouts } from '../exchange/snapshot.ts';
import { type CompileIo, compileMiddleware } from '../middlewares/compile-middleware.ts';
import type { HeadMiddleware } from '../middlewares/exchange.ts';
import { handlerFor } from '../middlewares/per-router.ts';
import { isStage } from '../middlewares/stage.ts';
import { type RouterEntry, shardsOf } from './router-table.ts';

/** What compiling needs from outside; connections come from live state. */
export type SnapshotIo = Omit<CompileIo, 'openUpstream'> & {
  /** Most time for the head of an answer where a router sets none; 0 or absent: no limit. */
  readonly responseHeaderMs?: number | undefined;
  /** By which the control plane knows its own workers. */
  readonly internalKey: string;
  /** Hears of what could not be compiled. It serves errors until its configuration changes. */
  readonly onFault: (fields: Readonly<Record<string, unknown>>, message: string) => void;
};

/** What stands between a router and its service. */
export type RouterParts = {
  readonly handlers: readonly HeadMiddleware[];
  readonly encodedCharacters: readonly EncodedCharactersOptions[];
};

/** Undefined for a router that serves nothing. */
export function compileRouter(
  router: Router,
  { handlers, encodedCharacters }: RouterParts,
  service: CompiledService | undefined,
  io: SnapshotIo,
): RouterEntry | undefined {
  if (router.status === 'disabled') return undefined;
  const parsed = parseRule(router.rule, router.ruleSyntax, trustRegexps);
  if (!parsed.ok) {
    // resolve disables such routers; to serve nothing is the safe reading if it did not.
    io.onFault({ router: router.name, rule: router.rule }, 'A router has a rule that cannot be read.');
    return undefined;
  }
  // Traefik's addInternals: what concerns the gateway itself is neither logged nor counted.
  const isInternal = isInternalService(router.service);
  return {
    router: {
      name: router.name,
      chain: handlers.map((middleware) => handlerFor(middleware, router.name)),
      encodedCharacters,
      service,
      serviceName: router.service,
      needsCompleteLane: service?.needsCompleteLane === true || handlers.some(isStage),
      accessLogs: isInternal ? false : router.accessLogs,
      metrics: isInternal ? false : router.metrics,
      timeouts: toTimeouts(router.timeouts, io.responseHeaderMs),
    },
    rule: parsed.rule,
    priority: router.priority,
    order: orderOf(router),
    entryPoints: router.entryPoints,
    tlsEntryPoints: router.entryPoints.filter((name) => isTlsOn(router, name)),
    shards: shardsOf(parsed.rule),
  };
}

/**
 * A middleware that cannot be compiled, or is not there, lets nothing through: a missing check must not open a door. Those that
 * stand in no chain have been taken out before.
 */
export function compileOrRefuse(
  middleware: Middleware | undefined,
  io: SnapshotIo & Pick<CompileIo, 'openUpstream'>,
): HeadMiddleware {
  if (middleware === undefined || middleware.status === 'disabled') return refuse;
  if (middleware.kind === 'chain' || middleware.kind === 'encodedCharacters') return refuse;
  try {
    return compileMiddleware(middleware, io);
  } catch (error) {
    io.onFault(
      { err: error, middleware: middleware.name },
      'A middleware cannot be used; its routers answer 500.',
    );
    return refuse;
  }
}

/** Answers every request with an error. */
export function refuse(): never {
  throw new GatewayError('internal', { reason: 'A middleware of this route cannot be used.' });
}

function toTimeouts(own: RouterTimeouts | undefined, responseHeaderMs = 0): Timeouts | undefined {
  const none = Number.POSITIVE_INFINITY;
  const usual = responseHeaderMs === 0 ? none : responseHeaderMs;
  if (own === undefined && usual === none) return undefined;
  const { connect = none, firstByte = usual, idle = none, total = none } = own ?? {};
  return { connectMs: connect, firstByteMs: firstByte, idleMs: idle, totalMs: total };
}
