// The active health check of a service with its defaults. Values that make no sense are replaced by the default with
// a warning, as Traefik does ("smaller than zero, default value will be used instead").
import { formatDuration } from '../../lib/duration.ts';
import type {
  PassiveHealthCheck,
  ResolvedHealthCheck,
  ResolvedTcpHealthCheck,
} from '../../model/dynamic-config.ts';
import type { HealthCheckOptions, PassiveHealthCheckOptions } from '../../model/service.ts';
import type { TcpHealthCheckOptions } from '../../model/tcp.ts';
import type { Verdict } from './verdict.ts';

/** Traefik's defaults, in milliseconds (reference "Health Check"). */
const defaultIntervalMs = 30_000;
const defaultTimeoutMs = 5_000;

/** Fills the defaults in; doubts go to `verdict`. */
export function resolveHealthCheck(options: HealthCheckOptions, verdict: Verdict): ResolvedHealthCheck {
  return {
    path: checkedPath(options, verdict),
    mode: options.mode ?? 'http',
    method: options.method ?? 'GET',
    status: options.status ?? 0,
    ...resolveTimes(options, verdict),
    followRedirects: options.followRedirects ?? true,
    headers: options.headers ?? {},
    ...(options.scheme === undefined ? {} : { scheme: options.scheme }),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.hostname === undefined ? {} : { hostname: options.hostname }),
  };
}

/** Longest text of a TCP probe, as in Traefik (healthcheck_tcp.go, maxPayloadSize). */
const maxTextBytes = 65_535;

/** The same for TCP servers. */
export function resolveTcpHealthCheck(
  options: TcpHealthCheckOptions,
  verdict: Verdict,
): ResolvedTcpHealthCheck {
  const { port, send = '', expect = '' } = options;
  for (const [key, text] of Object.entries({ send, expect })) {
    if (Buffer.byteLength(text) <= maxTextBytes) continue;
    verdict.add({
      severity: 'error',
      code: 'bad-value',
      message: `The health check's ${key} is longer than ${maxTextBytes} bytes.`,
      option: { key: `loadbalancer.healthcheck.${key}`, value: '…' },
    });
  }
  const times = resolveTimes(options, verdict);
  return { mode: 'tcp', send, expect, ...times, ...(port === undefined ? {} : { port }) };
}

type Times = Pick<ResolvedHealthCheck, 'interval' | 'unhealthyInterval' | 'timeout'>;

function resolveTimes(options: Partial<Times>, verdict: Verdict): Times {
  const positive = (key: keyof Times, fallback: number): number => {
    const value = options[key];
    if (value === undefined) return fallback;
    if (value > 0) return value;
    verdict.add({
      severity: 'warning',
      code: 'bad-value',
      message: `The health check's ${key} must be more than 0; ${formatDuration(fallback)} is used.`,
      hint: `Write a length of time such as 10s.`,
      option: { key: `loadbalancer.healthcheck.${key}`, value: formatDuration(value) },
    });
    return fallback;
  };
  const interval = positive('interval', defaultIntervalMs);
  return {
    interval,
    unhealthyInterval: positive('unhealthyInterval', interval),
    timeout: positive('timeout', defaultTimeoutMs),
  };
}

/** Traefik's defaults (reference "Passive Health Check"). */
const defaultWindowMs = 10_000;
const defaultMaxFailedAttempts = 1;

/** Fills the defaults in; doubts go to `verdict`. `active` is the active check beside it. */
export function resolvePassiveHealthCheck(
  options: PassiveHealthCheckOptions,
  active: ResolvedHealthCheck | undefined,
  verdict: Verdict,
): PassiveHealthCheck {
  const { failureWindow = defaultWindowMs, maxFailedAttempts = defaultMaxFailedAttempts } = options;
  const key = 'loadbalancer.passivehealthcheck';
  if (failureWindow <= 0) {
    verdict.add({
      severity: 'warning',
      code: 'bad-value',
      message: `The failureWindow must be more than 0; ${formatDuration(defaultWindowMs)} is used.`,
      hint: 'Write a length of time such as 10s.',
      option: { key: `${key}.failurewindow`, value: formatDuration(failureWindow) },
    });
  }
  if (maxFailedAttempts < 1) {
    verdict.add({
      severity: 'warning',
      code: 'bad-value',
      message: 'A server cannot be left out before it has failed; maxFailedAttempts is 1.',
      hint: 'Write 1 or more.',
      option: { key: `${key}.maxfailedattempts`, value: String(maxFailedAttempts) },
    });
  }
  const failureWindowMs = failureWindow > 0 ? failureWindow : defaultWindowMs;
  return {
    failureWindowMs,
    maxFailedAttempts: Math.max(1, maxFailedAttempts),
    outForMs: active?.interval ?? failureWindowMs,
  };
}

function checkedPath(options: HealthCheckOptions, verdict: Verdict): string {
  const path = options.path ?? '';
  if (path.startsWith('/') || options.mode === 'grpc') return path;
  if (path === '') {
    verdict.add({
      severity: 'warning',
      code: 'bad-value',
      message: 'The health check has no path; / is asked.',
      hint: 'Set loadbalancer.healthcheck.path to a path that answers 200 only when the server can work.',
    });
  }
  return `/${path}`;
}
