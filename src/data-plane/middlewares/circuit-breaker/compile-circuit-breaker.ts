// circuitBreaker: answers in place of a service that fails or is slow (Traefik pkg/middlewares/circuitbreaker).
import { STATUS_CODES } from 'node:http';
import type { WeakValues } from '../../../lib/weak-values.ts';
import type { CircuitBreakerOptions } from '../../../model/middlewares/circuit-breaker.ts';
import { compileExpression } from '../../../rules/breaker/compile-expression.ts';
import { parseExpression } from '../../../rules/breaker/parse-expression.ts';
import { CircuitBreaker } from '../../live-state/circuit-breaker.ts';
import { type Answer, type HeadMiddleware, whenOver } from '../exchange.ts';
import { perRouter } from '../per-router.ts';

/** What it needs of the world. */
export type CircuitBreakerIo = {
  /** Breakers by router and options: they outlive reloads that change neither. */
  readonly breakers: WeakValues<CircuitBreaker>;
};

/** Traefik's, which also stand in for what is not positive. */
const defaults = { checkPeriod: 100, fallbackDuration: 10_000, recoveryDuration: 10_000 };

/**
 * Opens and closes by what becomes of requests (Traefik v3.7 "CircuitBreaker"). `name` tells it from others. @throws when the
 * expression cannot be read.
 */
export function compileCircuitBreaker(
  options: CircuitBreakerOptions,
  { breakers }: CircuitBreakerIo,
  name: string,
): HeadMiddleware {
  const parsed = parseExpression(options.expression);
  if (!parsed.ok) throw new Error(parsed.message);
  const settings = {
    condition: compileExpression(parsed.expression),
    checkPeriodMs: positive(options.checkPeriod, defaults.checkPeriod),
    fallbackMs: positive(options.fallbackDuration, defaults.fallbackDuration),
    recoveryMs: positive(options.recoveryDuration, defaults.recoveryDuration),
  };
  const status = options.responseCode ?? 503;

  return perRouter((router) => {
    const breaker = breakers.of(`${router} ${name}`, () => new CircuitBreaker(settings));
    return (exchange) => {
      const begun = performance.now();
      if (!breaker.admits(begun)) return refusal(status);
      whenOver(exchange, (answered) => {
        const now = performance.now();
        breaker.record(answered, now - begun, now);
      });
      return undefined;
    };
  });
}

function positive(given: number | undefined, fallback: number): number {
  return given !== undefined && given > 0 ? given : fallback;
}

function refusal(status: number): Answer {
  return {
    status,
    fields: ['Content-Type', 'text/plain; charset=utf-8'],
    body: STATUS_CODES[status] ?? '',
  };
}
