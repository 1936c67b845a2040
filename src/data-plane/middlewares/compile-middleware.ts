// The table of middleware kinds: options → handler. A kind without an implementation does not compile.
import type { Middleware } from '../../model/dynamic-config.ts';
import type { MiddlewareKind, MiddlewareOptionsByKind } from '../../model/middlewares/catalog.ts';
import type { Limits } from '../live-state/limits.ts';
import { compileAddPrefix } from './add-prefix/compile-add-prefix.ts';
import { compileBasicAuth } from './basic-auth/compile-basic-auth.ts';
import { compileBuffering } from './buffering/compile-buffering.ts';
import { type CircuitBreakerIo, compileCircuitBreaker } from './circuit-breaker/compile-circuit-breaker.ts';
import { compileCompress } from './compress/compile-compress.ts';
import { compileDigestAuth } from './digest-auth/compile-digest-auth.ts';
import { compileErrors } from './errors/compile-errors.ts';
import type { HeadMiddleware } from './exchange.ts';
import { compileForwardAuth, type ForwardAuthIo } from './forward-auth/compile-forward-auth.ts';
import { compileGrpcWeb } from './grpc-web/compile-grpc-web.ts';
import { compileHeaders } from './headers/compile-headers.ts';
import { compileInFlightReq } from './in-flight-req/compile-in-flight-req.ts';
import { compileIpAllowList } from './ip-allow-list/compile-ip-allow-list.ts';
import { compileRateLimit } from './rate-limit/compile-rate-limit.ts';
import { compileRedirectRegex } from './redirect-regex/compile-redirect-regex.ts';
import { compileRedirectScheme } from './redirect-scheme/compile-redirect-scheme.ts';
import { compileReplacePath } from './replace-path/compile-replace-path.ts';
import { compileReplacePathRegex } from './replace-path-regex/compile-replace-path-regex.ts';
import { compileRetry } from './retry/compile-retry.ts';
import { compileStripPrefix } from './strip-prefix/compile-strip-prefix.ts';
import { compileStripPrefixRegex } from './strip-prefix-regex/compile-strip-prefix-regex.ts';

/** What compiling may need of the world. */
export type CompileIo = ForwardAuthIo &
  CircuitBreakerIo & {
    /** Text of a file on the gateway's own disk. @throws when it cannot be read. */
    readonly readFile: (path: string) => string;
    /** What middlewares count over all workers. */
    readonly limits: Limits;
  };

/** Kinds that stand in no chain themselves: one is what stands in it, the other is asked when the path is judged. */
type RestingKind = 'chain' | 'encodedCharacters';
/** Kinds that do something on the way. */
export type RunningKind = Exclude<MiddlewareKind, RestingKind>;
/** A middleware of such a kind. */
export type RunningMiddleware = Exclude<Middleware, { kind: RestingKind }>;

type Compilers = {
  readonly [K in RunningKind]: (
    options: MiddlewareOptionsByKind[K],
    io: CompileIo,
    limit: string,
  ) => HeadMiddleware;
};

const compilers = {
  addPrefix: compileAddPrefix,
  basicAuth: compileBasicAuth,
  circuitBreaker: compileCircuitBreaker,
  forwardAuth: compileForwardAuth,
  buffering: compileBuffering,
  compress: compileCompress,
  digestAuth: compileDigestAuth,
  errors: compileErrors,
  grpcWeb: compileGrpcWeb,
  headers: compileHeaders,
  inFlightReq: compileInFlightReq,
  ipAllowList: compileIpAllowList,
  ipWhiteList: compileIpAllowList,
  rateLimit: compileRateLimit,
  redirectRegex: compileRedirectRegex,
  redirectScheme: compileRedirectScheme,
  replacePath: compileReplacePath,
  replacePathRegex: compileReplacePathRegex,
  retry: compileRetry,
  stripPrefix: compileStripPrefix,
  stripPrefixRegex: compileStripPrefixRegex,
} as const satisfies Record<RunningKind, unknown> satisfies Compilers;

/** Compiles one middleware. @throws when a file that it names cannot be read. */
export function compileMiddleware(middleware: RunningMiddleware, io: CompileIo): HeadMiddleware {
  const { name, kind, options } = middleware;
  // Limits that live longer than a snapshot are known by everything that configures them.
  return compileKind(middleware, io, `${name} ${kind} ${JSON.stringify(options)}`);
}

function compileKind<K extends RunningKind>(
  { kind, options }: { readonly kind: K; readonly options: MiddlewareOptionsByKind[K] },
  io: CompileIo,
  limit: string,
): HeadMiddleware {
  const compile = compilers[kind] as Compilers[K];
  return compile(options, io, limit);
}
