// `providers.docker.endpoint` and its TLS files → the options of dockerode. Throws with a reason that names the option.
import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import type { DockerOptions } from 'dockerode';
import type { DockerProvider } from '../../../model/startup.ts';
import { readClientTls } from '../read-client-tls.ts';
import { createSshAgent } from './ssh-agent.ts';

/** Where the Engine is, with the connections to it. */
export type EngineAddress = {
  readonly options: DockerOptions & { readonly agent: HttpAgent };
  /** Closes idle and busy connections. */
  close(): void;
};

const defaultPlainPort = '2375';
const defaultTlsPort = '2376';

/** Understands unix://, npipe://, a bare path, tcp://, http://, https:// and ssh://. */
export function toEngineAddress(provider: DockerProvider): EngineAddress {
  const { endpoint } = provider;
  const pipe = /^(?:unix|npipe):\/\/(.+)$/.exec(endpoint)?.[1] ?? (endpoint.startsWith('/') ? endpoint : '');
  if (pipe !== '') return withAgent(createQuietAgent({}), { socketPath: pipe, protocol: 'http' });

  const url = URL.parse(endpoint);
  const kind = url?.protocol.slice(0, -1) ?? '';
  if (url === null || !['tcp', 'http', 'https', 'ssh'].includes(kind)) {
    throw new Error(
      `providers.docker.endpoint "${endpoint}" is none of unix://, npipe://, tcp://, http://, https://, ssh://`,
    );
  }
  if (kind === 'ssh') {
    const target = { user: decodeURIComponent(url.username), host: url.hostname, port: url.port };
    const agent = quiet(createSshAgent(target, agentOptions));
    return withAgent(agent, { host: 'docker', port: '80', protocol: 'http' });
  }
  const secure = kind === 'https' || (kind === 'tcp' && provider.tls !== undefined);
  const place = {
    host: url.hostname,
    port: url.port || (kind === 'tcp' ? (secure ? defaultTlsPort : defaultPlainPort) : secure ? '443' : '80'),
    headers: basicAuth(provider.username || url.username, provider.password || url.password),
  };
  if (!secure) return withAgent(createQuietAgent({}), { ...place, protocol: 'http' });
  return withAgent(createTlsAgent(provider.tls), { ...place, protocol: 'https' });
}

/** A kept connection saves a millisecond for each inspection; TCP keep-alive notices a host that went away silently. */
const agentOptions: AgentOptions = { keepAlive: true, keepAliveMsecs: 10_000 };

/** docker-modem formats its options on every request, for a debug line: an agent with its sockets would be megabytes. */
function quiet<A extends HttpAgent>(agent: A): A {
  return Object.assign(agent, { [inspect.custom]: () => 'Agent' });
}

function createQuietAgent(options: AgentOptions): HttpAgent {
  return quiet(new HttpAgent({ ...agentOptions, ...options }));
}

function createTlsAgent(tls: DockerProvider['tls']): HttpAgent {
  return quiet(
    new HttpsAgent({
      ...agentOptions,
      ...readClientTls(tls, 'docker'),
    }),
  );
}

function basicAuth(username: string, password: string): Record<string, string> {
  if (username === '') return {};
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

function withAgent(agent: HttpAgent, options: DockerOptions): EngineAddress {
  return {
    // Everything is said, so that DOCKER_HOST and its relatives cannot mix into it (docker-modem reads them).
    options: {
      socketPath: undefined,
      host: undefined,
      port: undefined,
      username: undefined,
      headers: {},
      ca: undefined,
      cert: undefined,
      key: undefined,
      timeout: undefined,
      version: undefined,
      ...options,
      agent,
    },
    close: () => agent.destroy(),
  };
}
