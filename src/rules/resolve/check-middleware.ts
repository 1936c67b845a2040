// What is wrong with a middleware's options although each of them has its type: regexps, addresses, statuses. Held to the
// catalog, so that a new kind without its checks does not compile. Workers never judge validity again.
import { createGenerationMemo } from '../../lib/generation-memo.ts';
import { isStatus } from '../../lib/http-status.ts';
import type {
  MiddlewareKind,
  MiddlewareOptions,
  MiddlewareOptionsByKind,
} from '../../model/middlewares/catalog.ts';
import type { CircuitBreakerOptions } from '../../model/middlewares/circuit-breaker.ts';
import type { ForwardAuthOptions } from '../../model/middlewares/forward-auth.ts';
import type { IpAllowListOptions } from '../../model/middlewares/ip-allow-list.ts';
import type { IpStrategyOptions } from '../../model/middlewares/ip-strategy.ts';
import type { RateLimitOptions } from '../../model/middlewares/rate-limit.ts';
import type { SourceCriterionOptions } from '../../model/middlewares/source-criterion.ts';
import { type ParsedExpression, parseExpression } from '../breaker/parse-expression.ts';
import { createRegexpJudge, type RegexpChecker } from '../routing/check-regexp.ts';
import { checkBuffering } from './check-buffering.ts';
import { checkCompress } from './check-compress.ts';
import { checkDigestAuth } from './check-digest-auth.ts';
import { checkErrors } from './check-errors.ts';
import { checkRanges } from './check-ranges.ts';
import { checkRetry } from './check-retry.ts';
import type { Finding } from './verdict.ts';

/** Checks a middleware; the same options again cost nothing. */
export type MiddlewareCheck = (middleware: MiddlewareOptions) => readonly Finding[];

type Check<K extends MiddlewareKind> = (
  options: MiddlewareOptionsByKind[K],
  checkRegexp: RegexpChecker,
) => readonly Finding[];

const nothing: readonly Finding[] = Object.freeze([]);
const noCheck = () => nothing;

const checks: { readonly [K in MiddlewareKind]: Check<K> } = {
  addPrefix: noCheck,
  basicAuth: noCheck,
  chain: noCheck,
  circuitBreaker: checkBreaker,
  forwardAuth: checkForwardAuth,
  buffering: checkBuffering,
  compress: checkCompress,
  digestAuth: checkDigestAuth,
  encodedCharacters: noCheck,
  errors: checkErrors,
  grpcWeb: noCheck,
  headers: noCheck,
  inFlightReq: ({ sourceCriterion }) => checkCriterion('inFlightReq.sourceCriterion', sourceCriterion),
  ipAllowList: (options) => [...checkAllowList('ipAllowList', options), ...checkRejection(options)],
  ipWhiteList: (options) => checkAllowList('ipWhiteList', options),
  rateLimit: (options) => [
    ...checkCriterion('rateLimit.sourceCriterion', options.sourceCriterion),
    ...checkPeriod(options),
  ],
  redirectRegex: ({ regex }, check) => checkRegexps('redirectRegex.regex', [regex], check),
  redirectScheme: noCheck,
  replacePath: noCheck,
  replacePathRegex: ({ regex }, check) => checkRegexps('replacePathRegex.regex', [regex.trim()], check),
  retry: checkRetry,
  stripPrefix: noCheck,
  stripPrefixRegex: ({ regex }, check) =>
    checkRegexps(
      'stripPrefixRegex.regex',
      regex.map((one) => one.trim()),
      check,
    ),
};

/** As many regexps as a large gateway has. */
const generationSize = 5_000;

/** A check that remembers what it has judged, as long as the options live. */
export function createMiddlewareCheck(): MiddlewareCheck {
  const nextJudge = createRegexpJudge(createGenerationMemo(generationSize));
  const known = new WeakMap<object, readonly Finding[]>();
  return ({ kind, options }) => {
    const before = known.get(options);
    if (before !== undefined) return before;
    const check = checks[kind] as (options: unknown, checkRegexp: RegexpChecker) => readonly Finding[];
    const findings = check(options, nextJudge().check);
    known.set(options, findings);
    return findings;
  };
}

function checkRegexps(key: string, sources: readonly string[], check: RegexpChecker): readonly Finding[] {
  return sources.flatMap((source): Finding[] => {
    const fault = check(source);
    if (fault === undefined) return [];
    return [{ severity: 'error', code: 'bad-value', ...fault, option: { key, value: source } }];
  });
}

function checkAllowList(
  kind: 'ipAllowList' | 'ipWhiteList',
  { sourceRange, ipStrategy }: Pick<IpAllowListOptions, 'sourceRange' | 'ipStrategy'>,
): readonly Finding[] {
  return [
    ...checkRanges(`${kind}.sourceRange`, sourceRange),
    ...checkIpStrategy(`${kind}.ipStrategy`, ipStrategy),
  ];
}

/** Source: Traefik v3.7, config/dynamic/middlewares.go, IPStrategy.Get. */
function checkIpStrategy(key: string, strategy: IpStrategyOptions | undefined): readonly Finding[] {
  const { depth = 0, excludedIPs = [], ipv6Subnet } = strategy ?? {};
  if (depth <= 0 && excludedIPs.length > 0) return checkRanges(`${key}.excludedIPs`, excludedIPs);
  if (ipv6Subnet === undefined || (ipv6Subnet > 0 && ipv6Subnet <= 128)) return nothing;
  return [
    {
      severity: 'error',
      code: 'bad-value',
      message: `A subnet of IPv6 has 1 to 128 bits, and not ${ipv6Subnet}.`,
      hint: 'Providers give their customers a /64 mostly.',
      option: { key: `${key}.ipv6Subnet`, value: String(ipv6Subnet) },
    },
  ];
}

function checkStatus(key: string, status: number, hint: string): readonly Finding[] {
  if (isStatus(status)) return nothing;
  const message = `${status} is no status of a final answer.`;
  return [{ severity: 'error', code: 'bad-value', message, hint, option: { key, value: String(status) } }];
}

function checkRejection({ rejectStatusCode = 0 }: IpAllowListOptions): readonly Finding[] {
  const hint = 'Use 403 (the default), 401 or 404.';
  return rejectStatusCode === 0
    ? nothing
    : checkStatus('ipAllowList.rejectStatusCode', rejectStatusCode, hint);
}

function checkBreaker({ expression, responseCode = 503 }: CircuitBreakerOptions): readonly Finding[] {
  const parsed = parseExpression(expression);
  const key = 'circuitBreaker.responseCode';
  return [
    ...(parsed.ok ? [] : [faultOfExpression(expression, parsed)]),
    ...checkStatus(key, responseCode, 'Use 503 (the default) or 429.'),
  ];
}

function faultOfExpression(
  expression: string,
  { position, message, hint }: Exclude<ParsedExpression, { readonly ok: true }>,
): Finding {
  const option = { key: 'circuitBreaker.expression', value: expression };
  return { severity: 'error', code: 'bad-value', position, message, hint, option };
}

/** Source: Traefik v3.7, middlewares/extractor.go. */
function checkCriterion(key: string, criterion: SourceCriterionOptions | undefined): readonly Finding[] {
  const { ipStrategy, requestHeaderName = '', requestHost = false } = criterion ?? {};
  const given = [
    ...(ipStrategy === undefined ? [] : ['ipStrategy']),
    ...(requestHeaderName === '' ? [] : ['requestHeaderName']),
    ...(requestHost ? ['requestHost'] : []),
  ];
  if (given.length < 2) return checkIpStrategy(`${key}.ipStrategy`, ipStrategy);
  return [
    {
      severity: 'error',
      code: 'bad-value',
      message: `A source is told by one criterion, and not by ${given.join(' and ')}.`,
      hint: 'Keep one of them.',
    },
  ];
}

function checkPeriod({ period = 0 }: RateLimitOptions): readonly Finding[] {
  if (period >= 0) return nothing;
  return [
    {
      severity: 'error',
      code: 'bad-value',
      message: 'A period cannot be negative.',
      hint: 'Write it such as 1s or 1m.',
      option: { key: 'rateLimit.period', value: `${period}ms` },
    },
  ];
}

function checkForwardAuth(
  { address, authResponseHeadersRegex = '' }: ForwardAuthOptions,
  check: RegexpChecker,
): readonly Finding[] {
  const regexps = authResponseHeadersRegex === '' ? [] : [authResponseHeadersRegex];
  return [
    ...checkAddress('forwardAuth.address', address),
    ...checkRegexps('forwardAuth.authResponseHeadersRegex', regexps, check),
  ];
}

/** It may hold no password: addresses are shown. */
function checkAddress(key: string, address: string): readonly Finding[] {
  const url = URL.parse(address);
  const isHttp = url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
  if (isHttp && url.username === '' && url.password === '') return nothing;
  const finding = { severity: 'error', code: 'bad-value' } as const;
  if (isHttp) {
    const message = 'The address holds a name or a password.';
    return [{ ...finding, message, hint: 'Write it without them: the client’s Authorization is passed on.' }];
  }
  const message = `${JSON.stringify(address)} is no URL of http or https.`;
  const hint = 'Write it such as http://auth:9000/verify.';
  return [{ ...finding, message, hint, option: { key, value: address } }];
}
