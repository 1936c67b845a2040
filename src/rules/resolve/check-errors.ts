// What is wrong with the options of errors, and where its service is looked up (Traefik v3.7, middlewares/customerrors, New).
import { isStatus } from '../../lib/http-status.ts';
import { parseStatusRange } from '../../lib/status-ranges.ts';
import type { ErrorsOptions } from '../../model/middlewares/errors.ts';
import { qualifyName } from './qualify-name.ts';
import { checkReference, type Lookup, refuseMiddlewares, type Suggest } from './reference-table.ts';
import type { Finding, Verdict } from './verdict.ts';

/** Gives what keeps the middleware from being used, but for its service. */
export function checkErrors({ status = [], statusRewrites = {} }: ErrorsOptions): readonly Finding[] {
  return [
    ...checkStatuses('errors.status', status),
    ...Object.entries(statusRewrites).flatMap(([from, to]) => checkRewrite(from, to)),
  ];
}

/** Statuses and ranges of them. */
export function checkStatuses(key: string, statuses: readonly string[]): readonly Finding[] {
  const bad = statuses.find((text) => parseStatusRange(text) === undefined);
  if (bad === undefined) return [];
  return [
    {
      severity: 'error',
      code: 'bad-value',
      message: `${JSON.stringify(bad)} is neither a status nor a range of them.`,
      hint: 'Write such as 404 or 500-599, joined by commas.',
      option: { key, value: statuses.join(',') },
    },
  ];
}

function checkRewrite(from: string, to: string): readonly Finding[] {
  const key = `errors.statusRewrites.${from}`;
  if (parseStatusRange(from) === undefined) return checkStatuses(key, [from]);
  if (/^\d{3}$/.test(to) && isStatus(Number(to))) return [];
  return [
    {
      severity: 'error',
      code: 'bad-value',
      message: `${JSON.stringify(to)} is no status of a final answer.`,
      hint: 'Write such as 404.',
      option: { key, value: to },
    },
  ];
}

/** The options with the service's qualified name; what is wrong with it is added to `verdict`. */
export function resolveErrorService(
  provider: string,
  options: ErrorsOptions,
  services: Lookup,
  suggest: Suggest,
  verdict: Verdict,
): ErrorsOptions {
  const { service: written } = options;
  const qualified = qualifyName(written, provider);
  const reference = { kind: 'service', key: 'errors.service', written, qualified } as const;
  const target = checkReference(verdict, reference, services, suggest);
  if (target !== undefined) refuseMiddlewares(target, reference.key, verdict);
  return { ...options, service: qualified };
}
