// Labels of Traefik v1. Traefik v2 and v3 ignore them in silence; here each is answered with its successor.

type Successor = (parts: readonly string[]) => string;

const router = 'traefik.http.routers.<name>';
const loadBalancer = 'traefik.http.services.<name>.loadbalancer';

const frontend: Readonly<Record<string, string>> = {
  rule: `${router}.rule`,
  entrypoints: `${router}.entrypoints`,
  priority: `${router}.priority`,
  passhostheader: `${loadBalancer}.passhostheader`,
  auth: 'traefik.http.middlewares.<name>.basicauth.users',
  headers: 'traefik.http.middlewares.<name>.headers',
  redirect: 'traefik.http.middlewares.<name>.redirectscheme',
  ratelimit: 'traefik.http.middlewares.<name>.ratelimit',
  whitelist: 'traefik.http.middlewares.<name>.ipallowlist',
};

const successors: Readonly<Record<string, Successor>> = {
  frontend: ([, second]) => own(frontend, second) ?? router,
  frontends: () => router,
  backend: ([, second]) =>
    second === 'healthcheck'
      ? `${loadBalancer}.healthcheck`
      : second === undefined
        ? `${router}.service`
        : loadBalancer,
  port: () => `${loadBalancer}.server.port`,
  protocol: () => `${loadBalancer}.server.scheme`,
  weight: () => `${loadBalancer}.server.weight`,
  domain: () => `${router}.rule`,
};

/** The label that replaces one of Traefik v1, given the parts behind `traefik.`; undefined for all other labels. */
export function successorOf(path: readonly string[]): string | undefined {
  const parts = path.slice(0, 3).map((part) => part.toLowerCase());
  const [first = ''] = parts;
  return Object.hasOwn(successors, first) ? successors[first]?.(parts) : undefined;
}

function own(table: Readonly<Record<string, string>>, key: string | undefined): string | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
