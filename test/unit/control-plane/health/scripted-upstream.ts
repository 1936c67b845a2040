// An HTTP server whose next answers the test decides, and builders for the nouns that a health check reads.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  emptyDynamicConfig,
  type ResolvedHealthCheck,
  type Service,
} from '../../../../src/model/dynamic-config.ts';
import type { Replica } from '../../../../src/model/replica.ts';

export type ScriptedUpstream = {
  readonly url: string;
  readonly port: number;
  readonly requests: { method: string; url: string; headers: IncomingMessage['headers'] }[];
  /** Most requests that were open at the same time. */
  readonly mostAtOnce: () => number;
  answer: RequestListener;
  readonly close: () => Promise<void>;
};

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(code, headers).end('body');
export const hang: RequestListener = () => {};

export async function startUpstream(answer: RequestListener = status(200)): Promise<ScriptedUpstream> {
  let open = 0;
  let most = 0;
  const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    open += 1;
    most = Math.max(most, open);
    response.on('close', () => {
      open -= 1;
    });
    const { method = '', url = '', headers } = request;
    upstream.requests.push({ method, url, headers });
    upstream.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const upstream: ScriptedUpstream = {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: [],
    mostAtOnce: () => most,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return upstream;
}

export function checkOptions(overrides: Partial<ResolvedHealthCheck> = {}): ResolvedHealthCheck {
  return {
    path: '/health',
    mode: 'http',
    method: 'GET',
    status: 0,
    interval: 20,
    unhealthyInterval: 20,
    timeout: 2_000,
    followRedirects: true,
    headers: {},
    ...overrides,
  };
}

export function replica(url: string | undefined, overrides: Partial<Replica> = {}): Replica {
  return {
    id: 'abc:80',
    ...(url === undefined ? {} : { url }),
    weight: 1,
    preservePath: false,
    state: 'ready',
    since: 1,
    ...overrides,
  };
}

export function service(replicas: readonly Replica[], healthCheck?: ResolvedHealthCheck): Service {
  return {
    name: 'tts@docker',
    provider: 'docker',
    status: 'enabled',
    errors: [],
    origins: [],
    replicas,
    strategy: 'wrr',
    passHostHeader: true,
    ...(healthCheck === undefined ? {} : { healthCheck }),
  };
}

export const servicesOf = (...all: readonly Service[]) => ({
  ...emptyDynamicConfig,
  services: new Map(all.map((one) => [one.name, one])),
});

/** Waits until the condition holds; the test runner's time limit ends a wait that never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
