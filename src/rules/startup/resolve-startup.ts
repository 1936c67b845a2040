// StartupOptions → StartupConfig: fills in defaults and checks what one field alone cannot show. Pure; all faults are
// reported at once. Defaults are Traefik's unless the comment says why not.
import type { EntryPoint, LogLevel, StartupConfig, UdpEntryPoint } from '../../model/startup.ts';
import type { StartupOptions } from '../../model/startup-config.ts';
import { parseAddress } from './parse-address.ts';
import { resolveDocker } from './resolve-docker.ts';
import { resolveEntryPoint, resolveUdpEntryPoint } from './resolve-entry-point.ts';
import { resolveFileProvider } from './resolve-file-provider.ts';
import { resolveHttpProvider } from './resolve-http-provider.ts';
import { resolvePrecedence } from './resolve-precedence.ts';
import { resolveRedisProvider } from './resolve-redis-provider.ts';
import { resolveServersTransport } from './resolve-servers-transport.ts';
import { badAddress, type StartupFault } from './startup-fault.ts';

/** The entry point of API, dashboard, ping and metrics, unless it is configured otherwise (Traefik: `traefik`, :8080). */
const internalName = 'traefik';
const internalDefault = { host: '', port: 8080 };
/** Traefik's entry point when none is configured. */
const fallbackEntryPoint = { http: { address: ':80' } };

/** @returns the configuration and what is wrong with it; with an error among the faults it must not be used. */
export function resolveStartup(options: StartupOptions): {
  readonly config: StartupConfig;
  readonly faults: readonly StartupFault[];
} {
  const faults: StartupFault[] = [];
  const declared = Object.entries(options.entryPoints ?? {});
  const user = declared.filter(([name]) => name !== internalName);
  const entryPoints: EntryPoint[] = [];
  const udpEntryPoints: UdpEntryPoint[] = [];
  for (const [name, entryPoint] of user.length === 0 ? Object.entries(fallbackEntryPoint) : user) {
    const address = parseAddress(entryPoint.address ?? '');
    if (address?.protocol === 'udp') {
      udpEntryPoints.push(resolveUdpEntryPoint(name, address, entryPoint, faults));
      continue;
    }
    const resolved = resolveEntryPoint(name, entryPoint, faults);
    if (resolved !== undefined) entryPoints.push(resolved);
  }
  const internalAddress = options.entryPoints?.[internalName]?.address;
  const internal = internalAddress === undefined ? internalDefault : parseAddress(internalAddress);
  if (internal === undefined) {
    faults.push(badAddress(internalName, internalAddress ?? ''));
  }
  const prometheus = options.metrics?.prometheus;
  const needsInternal =
    options.api?.insecure === true || options.ping !== undefined || prometheus !== undefined;
  checkPlaces(options, faults);
  checkPorts(
    [
      ...entryPoints,
      ...(needsInternal && internal !== undefined ? [{ name: internalName, ...internal }] : []),
    ],
    faults,
  );
  checkPorts(udpEntryPoints, faults);
  const { docker, file, http, redis } = options.providers ?? {};
  if ([docker, file, http, redis].every((provider) => provider === undefined)) {
    faults.push({
      severity: 'warning',
      source: 'providers',
      message: 'No provider is configured, so there will be no routes.',
      hint: 'Add --providers.docker=true, or --providers.file.directory=…',
    });
  }

  const config: StartupConfig = {
    entryPoints,
    udpEntryPoints,
    ...(needsInternal && internal !== undefined
      ? { internalEntryPoint: { name: internalName, host: internal.host, port: internal.port } }
      : {}),
    ...resolveWorkers(options.workers, faults),
    lanes: options.dataPlane?.lanes ?? 'all',
    throttleMs: options.providers?.providersThrottleDuration ?? 0,
    ...resolvePrecedence(options.providers?.precedence, faults),
    ...(docker === undefined ? {} : { docker: resolveDocker(docker) }),
    ...(file === undefined ? {} : { file: resolveFileProvider(file, faults) }),
    ...(http === undefined ? {} : { http: resolveHttpProvider(http, faults) }),
    ...(redis === undefined ? {} : { redis: resolveRedisProvider(redis, faults) }),
    defaultRuleSyntax: options.core?.defaultRuleSyntax ?? 'v3',
    ...(options.serversTransport === undefined
      ? {}
      : { serversTransport: resolveServersTransport(options.serversTransport, faults) }),
    ...(options.api?.insecure === true
      ? {
          api: {
            dashboard: options.api.dashboard ?? true,
            basePath: resolveBasePath(options.api.basePath ?? '/', faults),
            allowedHosts: options.api.allowedHosts ?? [],
            dashboardName: options.api.dashboardName ?? '',
          },
        }
      : {}),
    ...(options.ping === undefined
      ? {}
      : { ping: { terminatingStatusCode: options.ping.terminatingStatusCode ?? 503 } }),
    log: {
      level: resolveLevel(options.log?.level),
      format: options.log?.format ?? 'json',
      filePath: options.log?.filePath ?? '',
    },
    ...(options.accessLog === undefined ? {} : { accessLog: { filePath: options.accessLog.filePath ?? '' } }),
    ...(prometheus === undefined
      ? {}
      : {
          prometheus: {
            buckets: resolveBuckets(prometheus.buckets, faults),
            entryPointLabels: prometheus.addEntryPointsLabels ?? true,
            routerLabels: prometheus.addRoutersLabels ?? false,
            serviceLabels: prometheus.addServicesLabels ?? true,
          },
        }),
  };
  return { config, faults };
}

/** A thread costs some 40 MB: more than this many is a typing error, not a machine. */
const maxWorkers = 256;

function resolveWorkers(
  workers: number | undefined,
  faults: StartupFault[],
): Pick<StartupConfig, 'workers'> | undefined {
  if (workers === undefined) return undefined;
  if (workers >= 1 && workers <= maxWorkers) return { workers };
  faults.push({
    severity: 'error',
    source: 'workers',
    message: `There cannot be ${workers} workers.`,
    hint: `Write a number from 1 to ${maxWorkers}, or leave the option out for one worker on each core.`,
  });
  return undefined;
}

/** What Traefik can serve on any entry point and Berth serves on the internal one only. */
function checkPlaces(options: StartupOptions, faults: StartupFault[]): void {
  if (options.api !== undefined && options.api.insecure !== true) {
    faults.push({
      severity: 'warning',
      source: 'api',
      message: 'API and dashboard are switched on but reachable by no entry point.',
      hint: `Add --api.insecure=true, which serves them on the entry point ${internalName} (:8080); a router to api@internal is not supported yet.`,
    });
  }
  const places = {
    'ping.entryPoint': options.ping?.entryPoint,
    'metrics.prometheus.entryPoint': options.metrics?.prometheus?.entryPoint,
  };
  for (const [source, place] of Object.entries(places)) {
    if (place === undefined || place === internalName) continue;
    faults.push({
      severity: 'warning',
      source,
      message: `Berth serves this on the entry point ${internalName} only, not on ${JSON.stringify(place)}.`,
      hint: `Ask the address of entryPoints.${internalName}, or remove the option.`,
    });
  }
  const format = options.accessLog?.format;
  if (format !== undefined && format !== 'json') {
    faults.push({
      severity: 'warning',
      source: 'accessLog.format',
      message: `The access log is always JSON; ${JSON.stringify(format)} is not supported yet.`,
      hint: 'Set accessLog.format=json.',
    });
  }
}

function checkPorts(
  points: readonly { name: string; host: string; port: number }[],
  faults: StartupFault[],
): void {
  const byAddress = new Map<string, string>();
  for (const { name, host, port } of points) {
    const address = `${host}:${port}`;
    const other = byAddress.get(address);
    if (other !== undefined && port !== 0) {
      faults.push({
        severity: 'error',
        source: `entryPoints.${name}.address`,
        message: `The entry points ${other} and ${name} both want ${address}.`,
        hint: 'Give one of them another port.',
      });
    }
    byAddress.set(address, name);
  }
}

function resolveBasePath(path: string, faults: StartupFault[]): string {
  if (path.startsWith('/')) return path.replace(/\/+$/, '') || '/';
  faults.push({
    severity: 'error',
    source: 'api.basePath',
    message: `The path ${JSON.stringify(path)} does not start with a slash.`,
    hint: `Write /${path}.`,
  });
  return '/';
}

function resolveBuckets(texts: readonly string[] | undefined, faults: StartupFault[]): readonly number[] {
  const buckets = (texts ?? ['0.1', '0.3', '1.2', '5']).map(Number);
  if (buckets.every((bucket) => Number.isFinite(bucket) && bucket > 0)) return buckets.sort((a, b) => a - b);
  faults.push({
    severity: 'error',
    source: 'metrics.prometheus.buckets',
    message: 'Every bucket is a positive number of seconds.',
    hint: 'Write 0.1,0.3,1.2,5.',
  });
  return [];
}

/** Traefik's default is ERROR. Ours is INFO: a gateway that refuses a route must say so where people look first. */
function resolveLevel(level: string | undefined): LogLevel {
  const lower = (level ?? 'INFO').toLowerCase();
  return lower === 'panic' ? 'fatal' : (lower as LogLevel);
}
