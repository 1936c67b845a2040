// The table of middleware kinds: every room that handles middlewares is held to it by `satisfies Record<MiddlewareKind, …>`.
import { type AddPrefixOptions, addPrefixSchema } from './add-prefix.ts';
import { type BasicAuthOptions, basicAuthSchema } from './basic-auth.ts';
import { type BufferingOptions, bufferingSchema } from './buffering.ts';
import { type ChainOptions, chainSchema } from './chain.ts';
import { type CircuitBreakerOptions, circuitBreakerSchema } from './circuit-breaker.ts';
import { type CompressOptions, compressSchema } from './compress.ts';
import { type DigestAuthOptions, digestAuthSchema } from './digest-auth.ts';
import { type EncodedCharactersMiddlewareOptions, encodedCharactersSchema } from './encoded-characters.ts';
import { type ErrorsOptions, errorsSchema } from './errors.ts';
import { type ForwardAuthOptions, forwardAuthSchema } from './forward-auth.ts';
import { type GrpcWebOptions, grpcWebSchema } from './grpc-web.ts';
import { type HeadersOptions, headersSchema } from './headers.ts';
import { type InFlightReqOptions, inFlightReqSchema } from './in-flight-req.ts';
import {
  type IpAllowListOptions,
  type IpWhiteListOptions,
  ipAllowListSchema,
  ipWhiteListSchema,
} from './ip-allow-list.ts';
import { type RateLimitOptions, rateLimitSchema } from './rate-limit.ts';
import { type RedirectRegexOptions, redirectRegexSchema } from './redirect-regex.ts';
import { type RedirectSchemeOptions, redirectSchemeSchema } from './redirect-scheme.ts';
import { type ReplacePathOptions, replacePathSchema } from './replace-path.ts';
import { type ReplacePathRegexOptions, replacePathRegexSchema } from './replace-path-regex.ts';
import { type RetryOptions, retrySchema } from './retry.ts';
import { type StripPrefixOptions, stripPrefixSchema } from './strip-prefix.ts';
import { type StripPrefixRegexOptions, stripPrefixRegexSchema } from './strip-prefix-regex.ts';

/** The kinds that Berth has. */
export const middlewareSchemas = {
  addPrefix: addPrefixSchema,
  basicAuth: basicAuthSchema,
  chain: chainSchema,
  circuitBreaker: circuitBreakerSchema,
  forwardAuth: forwardAuthSchema,
  buffering: bufferingSchema,
  compress: compressSchema,
  digestAuth: digestAuthSchema,
  encodedCharacters: encodedCharactersSchema,
  errors: errorsSchema,
  grpcWeb: grpcWebSchema,
  headers: headersSchema,
  inFlightReq: inFlightReqSchema,
  ipAllowList: ipAllowListSchema,
  ipWhiteList: ipWhiteListSchema,
  rateLimit: rateLimitSchema,
  redirectRegex: redirectRegexSchema,
  redirectScheme: redirectSchemeSchema,
  replacePath: replacePathSchema,
  replacePathRegex: replacePathRegexSchema,
  retry: retrySchema,
  stripPrefix: stripPrefixSchema,
  stripPrefixRegex: stripPrefixRegexSchema,
} as const;

/** One of them. */
export type MiddlewareKind = keyof typeof middlewareSchemas;

/** Each kind with its decoded options. */
export type MiddlewareOptionsByKind = {
  addPrefix: AddPrefixOptions;
  basicAuth: BasicAuthOptions;
  chain: ChainOptions;
  circuitBreaker: CircuitBreakerOptions;
  forwardAuth: ForwardAuthOptions;
  buffering: BufferingOptions;
  compress: CompressOptions;
  digestAuth: DigestAuthOptions;
  encodedCharacters: EncodedCharactersMiddlewareOptions;
  errors: ErrorsOptions;
  grpcWeb: GrpcWebOptions;
  headers: HeadersOptions;
  inFlightReq: InFlightReqOptions;
  ipAllowList: IpAllowListOptions;
  ipWhiteList: IpWhiteListOptions;
  rateLimit: RateLimitOptions;
  redirectRegex: RedirectRegexOptions;
  redirectScheme: RedirectSchemeOptions;
  replacePath: ReplacePathOptions;
  replacePathRegex: ReplacePathRegexOptions;
  retry: RetryOptions;
  stripPrefix: StripPrefixOptions;
  stripPrefixRegex: StripPrefixRegexOptions;
};

/** One middleware with its kind: `kind` decides the type of `options`. */
export type MiddlewareOptions = {
  [K in MiddlewareKind]: { readonly kind: K; readonly options: MiddlewareOptionsByKind[K] };
}[MiddlewareKind];

/** Kinds that Traefik v3.7 has and Berth has not yet: their labels give the diagnostic `not-yet`. */
export const middlewareKindsNotYet = ['contentType', 'passTLSClientCert', 'plugin'] as const;
