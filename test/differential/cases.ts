// The cases: containers with labels, and requests to each. The same for the same seed.
import { type Choices, pick, seeded } from '../fuzz/choices.ts';
import { makeRequest, middlewarePalette, rules, serviceOptions } from './palette.ts';

/** One container and what is asked of it. */
export type Case = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Bytes, latin1; one connection each. */
  readonly requests: readonly string[];
};

const requestsOfCase = 4;

/** Cases of routers on the entry point `web`, each with a host of its own. */
export function makeCases(seed: number, count: number, upstream: string): readonly Case[] {
  const choices = seeded(seed);
  const palette = middlewarePalette(upstream);
  return Array.from({ length: count }, (_, at) => makeCase(`case${at}`, choices, palette));
}

function makeCase(name: string, choices: Choices, palette: ReturnType<typeof middlewarePalette>): Case {
  const host = `${name}.test`;
  const chain = Array.from({ length: choices.next(4) }, () => pick(choices, palette));
  const labels: Record<string, string> = {
    'traefik.enable': 'true',
    [`traefik.http.routers.${name}.rule`]: pick(choices, rules)(host),
    [`traefik.http.routers.${name}.entrypoints`]: 'web',
    [`traefik.http.services.${name}.loadbalancer.server.port`]: '80',
  };
  for (const [key, value] of Object.entries(pick(choices, serviceOptions))) {
    labels[`traefik.http.services.${name}.${key}`] = value;
  }
  const names = chain.map((options, at) => {
    const middleware = `${name}-${at}`;
    for (const [key, value] of Object.entries(options)) {
      labels[`traefik.http.middlewares.${middleware}.${key}`] = value;
    }
    return middleware;
  });
  if (names.length > 1 && choices.next(4) === 0) {
    labels[`traefik.http.middlewares.${name}-chain.chain.middlewares`] = names.join(',');
    names.splice(0, names.length, `${name}-chain`);
  }
  if (names.length > 0) labels[`traefik.http.routers.${name}.middlewares`] = names.join(',');
  return {
    name,
    labels,
    requests: Array.from({ length: requestsOfCase }, () => makeRequest(host, choices)),
  };
}
