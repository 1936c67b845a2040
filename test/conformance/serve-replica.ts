// A gateway as its users run it, with TLS and plain HTTP on one port, in front of one replica on loopback.
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { createFakeEngine } from '../support/fake-engine.ts';
import { startGateway } from '../support/gateway-process.ts';
import { until } from '../support/until.ts';

/** Something that listens on loopback until it is disposed of. */
export type Listening = { readonly port: number; [Symbol.asyncDispose](): Promise<void> };

/** Everything goes to the replica; `labels` are more of its container's. Resolves when the gateway knows it. */
export async function serveReplica(
  replicaPort: number,
  labels: Readonly<Record<string, string>> = {},
): Promise<Listening> {
  const engine = await createFakeEngine();
  const rule = 'PathPrefix(`/`)';
  engine.run({
    name: 'replica',
    networks: { bridge: '127.0.0.1' },
    ports: [replicaPort],
    labels: {
      'traefik.http.routers.plain.rule': rule,
      'traefik.http.routers.encrypted.rule': rule,
      'traefik.http.routers.encrypted.tls': 'true',
      ...labels,
    },
  });
  const flags = [`--providers.docker.endpoint=${engine.endpoint}`, '--workers=1'];
  const gateway = await startGateway(flags);
  // Before the first configuration all is refused.
  await until('the replica is served', async () => ![404, 503].includes((await gateway.get('/')).status));
  return {
    port: gateway.port('web'),
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await gateway[Symbol.asyncDispose]();
      await engine.close();
    },
  };
}

/** Listens on a free port of loopback. */
export async function listen(server: Server): Promise<Listening> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
