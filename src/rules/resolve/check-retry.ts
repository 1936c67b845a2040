// What is wrong with the options of retry (Traefik v3.7, middlewares/retry, New).
import type { RetryOptions } from '../../model/middlewares/retry.ts';
import { checkStatuses } from './check-errors.ts';
import type { Finding } from './verdict.ts';

/** Gives what keeps the middleware from being used. */
export function checkRetry({ attempts, status = [], ...options }: RetryOptions): readonly Finding[] {
  const findings = [...checkStatuses('retry.status', status)];
  if (attempts <= 0) {
    findings.push(fault('There has to be an attempt at least.', 'Write such as 3.', 'attempts', attempts));
  }
  if (status.length === 0 && options.disableRetryOnNetworkError === true) {
    const message = 'Nothing is left after which a request would be tried again.';
    findings.push(fault(message, 'Name the statuses in retry.status.', 'disableRetryOnNetworkError', true));
  }
  return findings;
}

function fault(message: string, hint: string, key: string, value: number | boolean): Finding {
  const option = { key: `retry.${key}`, value: String(value) };
  return { severity: 'error', code: 'bad-value', message, hint, option };
}
