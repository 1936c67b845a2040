// Which service of the gateway stands at which path, and what of it is served where. Pure.
import type { InternalService } from '../../model/internal-service.ts';
import type { StartupConfig } from '../../model/startup.ts';

const pingPath = '/ping';
const metricsPath = '/metrics';

/** Where API and dashboard stand, without a slash at its end: empty for the root. */
export function basePathOf({ api }: Pick<StartupConfig, 'api'>): string {
  return (api?.basePath ?? '').replace(/\/+$/, '');
}

/** What the internal entry point serves; everything else needs a router. */
export function entryPointServices(startup: StartupConfig): ReadonlySet<InternalService> {
  const { api, ping, prometheus, internalEntryPoint } = startup;
  const isHere = (place: { readonly entryPoint: string; readonly manualRouting: boolean } | undefined) =>
    place !== undefined && !place.manualRouting && place.entryPoint === internalEntryPoint?.name;
  const isOpen = api?.insecure === true;
  return new Set<InternalService>([
    ...(isOpen ? (['api'] as const) : []),
    ...(isOpen && api.dashboard ? (['dashboard'] as const) : []),
    ...(isHere(ping) ? (['ping'] as const) : []),
    ...(isHere(prometheus) ? (['prometheus'] as const) : []),
  ]);
}

/** The service to which a path belongs; the API is everything that nothing else is. */
export function serviceAt(path: string, base: string): InternalService {
  if (path === pingPath) return 'ping';
  if (path === metricsPath) return 'prometheus';
  return isDashboard(path, base) ? 'dashboard' : 'api';
}

/** Whether a router that names this service may have the path. As in Traefik, the API has the dashboard under it. */
export function isWithin(path: string, service: InternalService, base: string): boolean {
  const found = serviceAt(path, base);
  return found === service || (service === 'api' && found === 'dashboard');
}

/**
 * The path of a request that a router has sent to the service: ping and metrics answer at any, and the dashboard also where a
 * middleware has taken its prefix away (Traefik v3.7, webui handler).
 */
export function pathWithin(service: InternalService, target: string, base: string): string {
  if (service === 'ping') return pingPath;
  if (service === 'prometheus') return metricsPath;
  const [path = ''] = target.split('?', 1);
  if (service !== 'dashboard' || isUnderDashboard(path, base)) return target;
  return `${base}/dashboard${target}`;
}

function isDashboard(path: string, base: string): boolean {
  return path === '/' || path === base || path === `${base}/` || isUnderDashboard(path, base);
}

function isUnderDashboard(path: string, base: string): boolean {
  return path === `${base}/dashboard` || path.startsWith(`${base}/dashboard/`);
}
