// rateLimit: a token bucket for each source (Traefik pkg/middlewares/ratelimiter). Whoever is only a little too early waits;
// others get 429 with the time after which to come again.
import { setTimeout } from 'node:timers/promises';
import { formatGoDuration } from '../../../lib/format-go-duration.ts';
import type { RateLimitOptions } from '../../../model/middlewares/rate-limit.ts';
import type { Bucket, Limits } from '../../live-state/limits.ts';
import type { Answer, HeadMiddleware } from '../exchange.ts';
import { compileSourceOf } from '../source-of.ts';

const second = 1_000_000_000n;

/** Limits how often requests of one source come, over all workers (Traefik v3.7 "RateLimit"). `limit` names the buckets. */
export function compileRateLimit(
  options: RateLimitOptions,
  { limits }: { readonly limits: Limits },
  limit: string,
): HeadMiddleware {
  const bucket = toBucket(options);
  if (bucket === undefined) return () => undefined;
  const sourceOf = compileSourceOf(options.sourceCriterion, 'client');
  return (exchange) => {
    const delay = limits.take(limit, sourceOf(exchange), bucket);
    if (delay <= 0n) return undefined;
    if (delay > bucket.maxDelay) return refusal(delay);
    return setTimeout(Math.ceil(Number(delay) / 1e6), undefined);
  };
}

/** Undefined where there is no limit. */
function toBucket({ average = 0, period = 1_000, burst = 1 }: RateLimitOptions): Bucket | undefined {
  if (average <= 0) return undefined;
  // As in Traefik, 0 is not given.
  const periodNs = period === 0 ? second : BigInt(Math.round(period * 1e6));
  const perSecond = (BigInt(average) * second) / periodNs;
  return {
    interval: periodNs / BigInt(average),
    burst: BigInt(Math.max(1, burst)),
    // Half the time between two tokens, and 500 ms where that is more than a second.
    maxDelay: perSecond < 1n ? second / 2n : second / (perSecond * 2n),
  };
}

function refusal(delay: bigint): Answer {
  return {
    status: 429,
    fields: [
      'Retry-After',
      String((delay + second - 1n) / second),
      'X-Retry-In',
      formatGoDuration(delay),
      'Content-Type',
      'text/plain; charset=utf-8',
    ],
    body: 'Too Many Requests',
  };
}
