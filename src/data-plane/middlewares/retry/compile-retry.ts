// retry: a request is tried again (Traefik pkg/middlewares/retry). What nothing of was sent may be repeated whatever its
// method; after an answer only what does no harm twice, unless options say otherwise.
import { compileStatusTest } from '../../../lib/status-ranges.ts';
import { defaultRetryBodyBytes, type RetryOptions } from '../../../model/middlewares/retry.ts';
import { type StageMiddleware, toMiddleware } from '../stage.ts';
import { Retrying, type RetryPlan } from './retrying.ts';

/** Traefik's list; all others are taken to be idempotent. */
const notIdempotent: ReadonlySet<string> = new Set(['POST', 'PATCH', 'LOCK']);

/** Tries requests again (Traefik v3.7 "Retry"). */
export function compileRetry(options: RetryOptions): StageMiddleware {
  const { attempts, initialInterval = 0, timeout = 0, status = [] } = options;
  const { maxRequestBodyBytes = defaultRetryBodyBytes } = options;
  const plan: RetryPlan = {
    attempts,
    // Grows to twice its length until the last wait.
    delayBefore: (retry) => initialInterval * 2 ** ((retry - 1) / (attempts - 1)) * (0.5 + Math.random()),
    timeoutMs: timeout > 0 ? timeout : Infinity,
    afterNetworkError: options.disableRetryOnNetworkError !== true,
    afterStatus: compileStatusTest(status),
    maxBodyBytes: maxRequestBodyBytes < 0 ? Infinity : maxRequestBodyBytes,
  };
  const withoutStatus: RetryPlan = { ...plan, afterStatus: () => false };
  const takesAll = status.length > 0 && options.retryNonIdempotentMethod === true;
  return toMiddleware((request, handler, inward) => {
    if (attempts === 1) return inward.send(request, handler);
    const mayRepeat = status.length > 0 && (takesAll || !notIdempotent.has(request.method));
    return new Retrying(mayRepeat ? plan : withoutStatus, mayRepeat, request, handler, inward).send();
  });
}
