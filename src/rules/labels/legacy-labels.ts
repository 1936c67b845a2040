// Labels of Traefik v1. Traefik v2 and v3 ignore them in silence; here each is answered with its successor.
import type { LabelRoot } from './wrong-root.ts';

/** Gives what stands behind the root. */
type Successor = (parts: readonly string[]) => string;

const router = 'http.routers.<name>';
const loadBalancer = 'http.services.<name>.loadbalancer';

const frontend: Readonly<Record<string, string>> = {
  rule: `${router}.rule`,
  entrypoints: `${router}.entrypoints`,
  priority: `${router}.priority`,
  passhostheader: `${loadBalancer}.passhostheader`,
  auth: 'http.middlewares.<name>.basicauth.users',
  headers: 'http.middlewares.<name>.headers',
  redirect: 'http.middlewares.<name>.redirectscheme',
  ratelimit: 'http.middlewares.<name>.ratelimit',
  whitelist: 'http.middlewares.<name>.ipallowlist',
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

/** The label that replaces one of Traefik v1, given the parts behind its root; undefined for all other labels. */
export function successorOf(path: readonly string[], root: LabelRoot): string | undefined {
  const parts = path.slice(0, 3).map((part) => part.toLowerCase());
  const [first = ''] = parts;
  const rest = Object.hasOwn(successors, first) ? successors[first]?.(parts) : undefined;
  return rest === undefined ? undefined : `${root}.${rest}`;
}

function own(table: Readonly<Record<string, string>>, key: string | undefined): string | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
