// A Docker Engine on a unix socket, as far as the gateway reads one: version, list, inspect, events. Tests change its
// containers, and make it slow, faulty or absent. Answers have the shape of Engine API 1.41.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FakeContainer,
  type FakeContainerOptions,
  fakeContainer,
  toInspected,
  toListed,
} from './fake-container.ts';

/** What happens to a request instead of, or before, its answer. */
export type Interference = {
  readonly delayMs?: number;
  readonly status?: number;
  /** Sent as it is. */
  readonly body?: string;
  /** The connection is cut in the middle of the answer. */
  readonly cut?: boolean;
};

export type FakeEngine = {
  /** For `providers.docker.endpoint`. */
  readonly endpoint: string;
  /** Paths asked for so far, without the version: `/containers/json?all=true`. */
  readonly requests: string[];
  /** Asked for each request; undefined lets it pass. */
  interfere: (path: string) => Interference | undefined;
  readonly containers: Map<string, FakeContainer>;
  /** Creates and starts a container with the Engine's events in their order; gives its id. */
  run(options: FakeContainerOptions): string;
  /** Starts one that is at rest. */
  start(id: string): void;
  /** Sends a signal (15 if none is given); the container does not end of it. */
  kill(id: string, signal?: number): void;
  /** Ends the process. */
  die(id: string): void;
  pause(id: string): void;
  unpause(id: string): void;
  remove(id: string): void;
  rename(id: string, name: string): void;
  setHealth(id: string, health: 'starting' | 'healthy' | 'unhealthy'): void;
  connect(id: string, network: string, address: string): void;
  disconnect(id: string, network: string): void;
  /** Changes a container without an event. */
  change(id: string, options: Partial<FakeContainer>): void;
  /** Writes text on all event streams. */
  write(text: string): void;
  /** Event streams that are open now. */
  readonly streams: ReadonlySet<ServerResponse>;
  /** The Engine goes away, with all connections; containers stay as they are. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
};

export type FakeEngineOptions = { readonly apiVersion?: string; readonly minApiVersion?: string };

/** Starts an Engine without containers on a socket of its own. */
export async function createFakeEngine(options: FakeEngineOptions = {}): Promise<FakeEngine> {
  const { apiVersion = '1.41', minApiVersion = '1.12' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'fake-engine-'));
  const socket = join(folder, 'docker.sock');
  const streams = new Set<ServerResponse>();
  const containers = new Map<string, FakeContainer>();
  let server: Server | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, version, path = '/'] = /^(?:\/v([\d.]+))?(\/.*)$/.exec(request.url ?? '/') ?? [];
    engine.requests.push(decodeURIComponent(path));
    if (path === '/_ping') {
      // Clients of Go agree on a version by this field.
      response.writeHead(200, { 'api-version': apiVersion, 'content-type': 'text/plain' }).end('OK');
      return;
    }
    if (request.method !== 'GET') return send(response, 405, '{"message":"only reading is allowed"}');
    if (version !== undefined && (older(version, minApiVersion) || older(apiVersion, version))) {
      return send(response, 400, `{"message":"client version ${version} is not supported"}`);
    }
    const interference = engine.interfere(path) ?? {};
    if (interference.delayMs !== undefined)
      await new Promise((done) => setTimeout(done, interference.delayMs).unref());
    const { status, body } = interference;
    if (interference.cut) {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[{"Id":');
      setTimeout(() => response.destroy(), 5);
      return;
    }
    if (status !== undefined || body !== undefined)
      return send(response, status ?? 200, body ?? '{"message":"no"}');
    route(path, response);
  };

  const route = (path: string, response: ServerResponse): void => {
    const container = containers.get(/^\/containers\/([^/]+)\/json/.exec(path)?.[1] ?? '');
    if (path.startsWith('/version')) {
      send(response, 200, JSON.stringify({ ApiVersion: apiVersion, MinAPIVersion: minApiVersion }));
    } else if (path.startsWith('/containers/json')) {
      send(response, 200, JSON.stringify([...containers.values()].reverse().map(toListed)));
    } else if (path.startsWith('/events')) {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      streams.add(response);
      response.on('close', () => streams.delete(response));
    } else if (container !== undefined) {
      send(response, 200, JSON.stringify(toInspected(container)));
    } else {
      send(response, 404, '{"message":"No such container"}');
    }
  };

  const listen = async (): Promise<void> => {
    const listening = Promise.withResolvers<void>();
    server = createServer((request, response) => void answer(request, response));
    server.listen(socket, listening.resolve);
    await listening.promise;
  };
  const hangUp = async (): Promise<void> => {
    const ended = Promise.withResolvers<void>();
    if (server === undefined) return;
    server.close(() => ended.resolve());
    server.closeAllConnections();
    server = undefined;
    await ended.promise;
  };

  const get = (id: string): FakeContainer => {
    const container = containers.get(id);
    if (container === undefined) throw new Error(`There is no container ${id}.`);
    return container;
  };
  const change = (id: string, patch: Partial<FakeContainer>): void => {
    containers.set(id, { ...get(id), ...patch });
  };
  const emit = (Type: string, Action: string, ID: string, Attributes: Record<string, string>): void => {
    const now = Date.now();
    const event = {
      Type,
      Action,
      Actor: { ID, Attributes },
      time: Math.floor(now / 1_000),
      timeNano: now * 1e6,
    };
    engine.write(`${JSON.stringify(event)}\n`);
  };
  const emitFor = (id: string, action: string, attributes: Record<string, string> = {}): void => {
    const { name, image } = get(id);
    emit('container', action, id, { name, image, ...attributes });
  };
  const emitNetwork = (action: 'connect' | 'disconnect', id: string, name: string): void => {
    emit('network', action, `net-${name}`, { container: id, name, type: 'bridge' });
  };

  const engine: FakeEngine = {
    endpoint: `unix://${socket}`,
    requests: [],
    interfere: () => undefined,
    containers,
    streams,
    run(containerOptions) {
      const container = fakeContainer(containerOptions);
      containers.set(container.id, { ...container, state: 'created' });
      emitFor(container.id, 'create');
      this.start(container.id);
      return container.id;
    },
    start(id) {
      for (const network of Object.keys(get(id).networks)) emitNetwork('connect', id, network);
      change(id, { state: 'running', startedAt: Date.now() });
      emitFor(id, 'start');
    },
    kill: (id, signal = 15) => emitFor(id, 'kill', { signal: String(signal) }),
    die(id) {
      change(id, { state: 'exited', finishedAt: Date.now() });
      emitFor(id, 'die', { exitCode: '137' });
    },
    pause(id) {
      change(id, { state: 'paused' });
      emitFor(id, 'pause');
    },
    unpause(id) {
      change(id, { state: 'running' });
      emitFor(id, 'unpause');
    },
    remove(id) {
      emitFor(id, 'destroy');
      containers.delete(id);
    },
    rename(id, name) {
      const oldName = `/${get(id).name}`;
      change(id, { name });
      emitFor(id, 'rename', { oldName });
    },
    setHealth(id, health) {
      change(id, { health });
      emitFor(id, `health_status: ${health}`);
    },
    connect(id, network, address) {
      change(id, { networks: { ...get(id).networks, [network]: address } });
      emitNetwork('connect', id, network);
    },
    disconnect(id, network) {
      const { [network]: _, ...networks } = get(id).networks;
      change(id, { networks });
      emitNetwork('disconnect', id, network);
    },
    change,
    write(text) {
      for (const stream of streams) stream.write(text);
    },
    goAway: hangUp,
    comeBack: listen,
    async close() {
      await hangUp();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await listen();
  return engine;
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

function older(one: string, other: string): boolean {
  const [a = 0, b = 0] = one.split('.').map(Number);
  const [c = 0, d = 0] = other.split('.').map(Number);
  return a < c || (a === c && b < d);
}
