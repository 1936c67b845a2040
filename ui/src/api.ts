// The only file that talks to the gateway: every fetch and the one EventSource. Paths are relative to the page
// (`…/dashboard/` → `…/api/`), so that any basePath works.
import type {
  Diagnostic,
  EntryPointView,
  Explanation,
  MiddlewareView,
  OverviewView,
  ReplicaView,
  RouterView,
  ServiceView,
  TcpRouterView,
  TcpServiceView,
  UdpRouterView,
  UdpServiceView,
  VersionView,
} from '../../src/model/view.ts';

/** How many rows one page of a list holds. Small enough to render at once, large enough to scan. */
export const ROWS_PER_PAGE = 50;

/** What a list is narrowed to. `page` begins at 1. */
export type ListQuery = { readonly page: number; readonly search: string; readonly status: string };

/** A request to explain; empty where nothing is said. `header` has one field on each line. */
export type ExplainQuery = {
  readonly url: string;
  readonly method: string;
  readonly header: string;
  readonly client: string;
  readonly entryPoint: string;
};

/** One page of a list; `nextPage` is absent on the last. */
export type Page<T> = { readonly items: readonly T[]; readonly nextPage?: number };

/** An answer other than 2xx; `message` is the gateway's own sentence where it gave one. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** `/api/overview`. */
export const getOverview = () => get<OverviewView>('overview');
/** `/api/version`. */
export const getVersion = () => get<VersionView>('version');
/** `/api/entrypoints`. */
export const getEntryPoints = () => get<readonly EntryPointView[]>('entrypoints');
/** `/api/diagnostics`: all of them. */
export const getDiagnostics = () => get<readonly Diagnostic[]>('diagnostics');
/** `/api/replicas`: all replicas of all services. */
export const getReplicas = () => get<readonly ReplicaView[]>('replicas');
/** One page of `/api/http/routers`. */
export const getRouters = (query: ListQuery) => getPage<RouterView>('http/routers', query);
/** One page of `/api/http/services`. */
export const getServices = (query: ListQuery) => getPage<ServiceView>('http/services', query);
/** One page of `/api/http/middlewares`. */
export const getMiddlewares = (query: ListQuery) => getPage<MiddlewareView>('http/middlewares', query);
/** One page of `/api/tcp/routers`. */
export const getTcpRouters = (query: ListQuery) => getPage<TcpRouterView>('tcp/routers', query);
/** One page of `/api/tcp/services`. */
export const getTcpServices = (query: ListQuery) => getPage<TcpServiceView>('tcp/services', query);
/** One page of `/api/tcp/middlewares`. */
export const getTcpMiddlewares = (query: ListQuery) => getPage<MiddlewareView>('tcp/middlewares', query);
/** One page of `/api/udp/routers`. */
export const getUdpRouters = (query: ListQuery) => getPage<UdpRouterView>('udp/routers', query);
/** One page of `/api/udp/services`. */
export const getUdpServices = (query: ListQuery) => getPage<UdpServiceView>('udp/services', query);
/** `/api/http/routers/{name}`. */
export const getRouter = (name: string) => get<RouterView>(`http/routers/${encodeURIComponent(name)}`);
/** `/api/http/services/{name}`. */
export const getService = (name: string) => get<ServiceView>(`http/services/${encodeURIComponent(name)}`);
/** `/api/http/middlewares/{name}`. */
export const getMiddleware = (name: string) =>
  get<MiddlewareView>(`http/middlewares/${encodeURIComponent(name)}`);

/** `/api/explain`. */
export const getExplanation = ({ header, ...query }: ExplainQuery) => {
  const parameters = new URLSearchParams(query);
  for (const line of header.split('\n')) if (line.trim() !== '') parameters.append('header', line);
  return get<Explanation>(`explain?${parameters}`);
};

/** Opens `/api/events`. The caller closes it. */
export const openEvents = (): EventSource => new EventSource(address('events'));

const address = (path: string): string => new URL(`../api/${path}`, document.baseURI).href;

async function request(path: string): Promise<Response> {
  const response = await fetch(address(path), { headers: { accept: 'application/json' } });
  if (response.ok) return response;
  throw new ApiError(response.status, await messageOf(response));
}

async function get<T>(path: string): Promise<T> {
  return (await request(path)).json() as Promise<T>;
}

async function getPage<T>(path: string, query: ListQuery): Promise<Page<T>> {
  const parameters = new URLSearchParams({ page: `${query.page}`, per_page: `${ROWS_PER_PAGE}` });
  if (query.search) parameters.set('search', query.search);
  if (query.status) parameters.set('status', query.status);
  const response = await request(`${path}?${parameters}`);
  const items = (await response.json()) as readonly T[];
  // Traefik's convention: the header names the next page, and 1 means that there is none.
  const nextPage = Number(response.headers.get('x-next-page'));
  return nextPage > query.page ? { items, nextPage } : { items };
}

async function messageOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const hasMessage = typeof body === 'object' && body !== null && 'message' in body;
  return hasMessage ? String(body.message) : `The gateway answered ${response.status}.`;
}
