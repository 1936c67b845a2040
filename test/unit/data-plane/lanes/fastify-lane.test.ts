// What no request of a client can bring about: faults inside the lane cost only their request.
import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import type { CompiledRouter, EntryPointSnapshot } from '../../../../src/data-plane/exchange/snapshot.ts';
import { createConnectionBook } from '../../../../src/data-plane/lanes/connection-book.ts';
import { createFastifyLane } from '../../../../src/data-plane/lanes/fastify/create-fastify-lane.ts';
import type { LaneCore } from '../../../../src/data-plane/lanes/lane.ts';
import { createLiveReplica, type LiveReplica } from '../../../../src/data-plane/live-state/live-replica.ts';
import { defaultEntryPoint } from '../../../support/gateway.ts';
import { rawClient, rawRequest } from '../../../support/raw-client.ts';
import { readExchange } from '../make-exchange.ts';

test('a fault in the plugin is answered like any other, once', async () => {
  // No configuration has such an origin: URL refuses it.
  await using lane = await openLane({ origin: 'nowhere' });
  const answer = await rawRequest(lane.port, request('GET'));
  assert.equal(answer.status, 500);
  assert.match(answer.rest, /code: internal\nrequest: /);
  assert.doesNotMatch(answer.rest, /URL/);
  assert.deepEqual(lane.errors, ['A request failed unexpectedly.']);
  assert.deepEqual(lane.recorded, [500]);
});

test('a transport that throws is answered too', async () => {
  await using lane = await openLane({ throws: 'send' });
  const answer = await rawRequest(lane.port, request('POST'));
  assert.equal(answer.status, 500);
  assert.deepEqual(lane.errors, ['A request failed unexpectedly.']);
  assert.deepEqual(lane.recorded, [500]);
});

test('a request that cannot even be read loses its connection, and is told of', async () => {
  await using lane = await openLane({ throws: 'read' });
  using client = await rawClient(lane.port);
  client.send(request('GET'));
  assert.equal(await client.ended(), '');
  assert.deepEqual(lane.errors, ['A request could not be read.']);
});

const request = (method: string) => `${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;

type Fault = { readonly origin?: string; readonly throws?: 'send' | 'read' };

/** A lane on a port of its own, whose only replica sends nothing. */
async function openLane({ origin = 'http://a:80', throws }: Fault) {
  const errors: string[] = [];
  const recorded: number[] = [];
  const connections = createConnectionBook({ maxRequests: 0, maxAgeMs: 0 });
  const core: LaneCore = {
    snapshot: () => snapshotOf(origin),
    readRequest(head) {
      if (throws === 'read') throw new TypeError('read');
      return readExchange(head);
    },
    loads: { changed: () => {}, flush: () => {} },
    recorder: {
      isOn: true,
      recordExchange: ({ status }) => void recorded.push(status),
      openConnection: () => () => {},
    },
    connections,
    log: { error: (_fields, message) => void errors.push(message), debug: () => {} },
    writeTimeoutMs: 0,
  };
  const lane = await createFastifyLane(defaultEntryPoint, core);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
    lane.accept(socket, undefined),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    errors,
    recorded,
    async [Symbol.asyncDispose]() {
      connections.destroyAll(false);
      await new Promise((resolve) => server.close(resolve));
      await lane.close();
    },
  };
}

function snapshotOf(origin: string): EntryPointSnapshot {
  const replica: LiveReplica = createLiveReplica('s', {
    id: 'one',
    url: origin,
    weight: 1,
    preservePath: false,
    state: 'ready',
    since: 0,
  });
  replica.origin = origin;
  replica.upstream = {
    send() {
      throw new TypeError('send');
    },
    wire: undefined,
    close: () => {},
  };
  const ready = [replica];
  const live = { name: 's', service: undefined as never, replicas: ready, ready, clock: 0 };
  const router: CompiledRouter = {
    name: 'r',
    chain: [],
    service: {
      kind: 'loadBalancer',
      name: 's',
      passHostHeader: true,
      strategy: 'wrr',
      live,
      needsCompleteLane: true,
      setsCookies: false,
      isStaged: false,
      sticky: undefined,
    },
    serviceName: 's',
    accessLogs: undefined,
    metrics: undefined,
    needsCompleteLane: true,
  };
  const routers = { match: () => router };
  return { entryPoint: defaultEntryPoint, routers, tlsRouters: routers, service: () => undefined };
}
