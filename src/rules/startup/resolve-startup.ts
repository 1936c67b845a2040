// StartupOptions → StartupConfig: fills in defaults and checks what one field alone cannot show. Pure; all faults are
// reported at once. Defaults are Traefik's unless the comment says why not.
import { nearestName } from '../../lib/nearest.ts';
import type { EntryPoint, LogLevel, ServedPlace, StartupConfig, UdpEntryPoint } from '../../model/startup.ts';
import type { StartupOptions } from '../../model/startup-config.ts';
import { parseAddress } from './parse-address.ts';
import { resolveDocker } from './resolve-docker.ts';
import { resolveEntryPoint, resolveUdpEntryPoint } from './resolve-entry-point.ts';
import { resolveFileProvider } from './resolve-file-provider.ts';
import { resolveHttpProvider } from './resolve-http-provider.ts';
import { resolvePrecedence } from './resolve-precedence.ts';
import { resolveRedirection } from './resolve-redirection.ts';
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
  const needsInternal = usesInternalEntryPoint(options);
  // When nothing is served there without a router, it is an entry point like any other.
  const user = declared.filter(([name]) => name !== internalName || !needsInternal);
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
  checkPlaces(options, entryPoints, faults);
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
    entryPoints: entryPoints.map((entryPoint) => {
      const { name } = entryPoint;
      const redirection = resolveRedirection(name, options.entryPoints?.[name], entryPoints, faults);
      return redirection === undefined ? entryPoint : { ...entryPoint, redirection };
    }),
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
    ...(options.api === undefined
      ? {}
      : {
          api: {
            insecure: options.api.insecure ?? false,
            dashboard: options.api.dashboard ?? true,
            basePath: resolveBasePath(options.api.basePath ?? '/', faults),
            allowedHosts: options.api.allowedHosts ?? [],
            dashboardName: options.api.dashboardName ?? '',
          },
        }),
    ...(options.ping === undefined
      ? {}
      : {
          ping: {
            ...placeOf(options.ping),
            terminatingStatusCode: options.ping.terminatingStatusCode ?? 503,
          },
        }),
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
            ...placeOf(prometheus),
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

type Place = { readonly entryPoint?: string; readonly manualRouting?: boolean };

function placeOf({ entryPoint = internalName, manualRouting = false }: Place): ServedPlace {
  return { entryPoint, manualRouting };
}

/** Whether anything is served on the internal entry point without a router of users. */
function usesInternalEntryPoint({ api, ping, metrics }: StartupOptions): boolean {
  const isThere = (place: Place | undefined): boolean =>
    place !== undefined && !placeOf(place).manualRouting && placeOf(place).entryPoint === internalName;
  return api?.insecure === true || isThere(ping) || isThere(metrics?.prometheus);
}

/** Whether what is served on an entry point has one. */
function checkPlaces(
  options: StartupOptions,
  entryPoints: readonly Pick<EntryPoint, 'name'>[],
  faults: StartupFault[],
): void {
  const known = [internalName, ...entryPoints.map(({ name }) => name)];
  const places = {
    'ping.entryPoint': options.ping,
    'metrics.prometheus.entryPoint': options.metrics?.prometheus,
  };
  for (const [source, place] of Object.entries(places)) {
    if (place === undefined) continue;
    const { entryPoint, manualRouting } = placeOf(place);
    if (manualRouting || known.includes(entryPoint)) continue;
    const near = nearestName(entryPoint, known);
    faults.push({
      severity: 'error',
      source,
      message: `There is no entry point ${JSON.stringify(entryPoint)}.`,
      hint: near === undefined ? `Known are ${known.join(', ')}.` : `Did you mean ${near}?`,
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
